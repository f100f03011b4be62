import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { registry } from '../../src/cli/registry.ts';
import { container, creating, planOf, run, shop, world } from './world.ts';

const help = (words: string) => run(`${words} --help`);

describe('the command line as a whole', () => {
  it('shows its commands in groups when nothing is asked', async () => {
    const { code, out, err } = await run('');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').filter((line) => /^\S.*:$/.test(line))).toEqual([
      'Options:',
      'Run the project:',
      'Look at it:',
      'Work inside it:',
      'Read the files:',
      'Images and other objects:',
      'More:',
    ]);
    expect(out).toContain('\n  up                          Create and start the services\n');
    expect(out).not.toContain('__complete');
  });

  it('says its version', async () => {
    const pretty = { code: 0, out: 'tscompose version 0.1.0\n', err: '' };
    expect(await run('version')).toMatchObject(pretty);
    expect(await run('--version')).toMatchObject(pretty);
    expect(await run('version --short')).toMatchObject({ out: '0.1.0\n' });
    expect(await run('version --format json')).toMatchObject({ out: '{"version":"0.1.0"}\n' });
  });

  it('has help for every command, on standard output, with exit code 0', async () => {
    const all = registry.flatMap(({ name, children = [] }) => [
      name,
      ...children.map((child) => `${name} ${child.name}`),
    ]);
    for (const words of all) {
      const { code, out, err } = await help(words);
      expect({ words, code, err }).toEqual({ words, code: 0, err: '' });
      expect(out).toContain(`Usage: tscompose ${words}`);
    }
  });

  it('shows the same help for `help COMMAND`', async () => {
    expect((await run('help logs')).out).toBe((await help('logs')).out);
  });

  it('prints usage, options and examples of a command', async () => {
    expect((await help('exec')).out).toBe(`Usage: tscompose exec [OPTIONS] SERVICE COMMAND [ARGS...]

Run a command in a running container of a service

It gets a terminal when there is one here. Its exit code is passed on.

Options:
  -d, --detach           Run it in the background
  -e, --env <key=value>  Set a variable; KEY alone takes its value from here
                         (repeatable)
  --index <n>            Number of the container, when the service has several
  -T, --no-tty           Give it no terminal
  --privileged           Give it every capability
  -u, --user <user>      Run as this user, by name or number
  -w, --workdir <path>   Run in this directory
  -h, --help             Show help

Examples:
  tscompose exec web sh
  tscompose exec -T db pg_dump app > app.sql
`);
  });

  it('lists the verbs of a noun that stands alone', async () => {
    const { code, out } = await run('image');
    expect(code).toBe(0);
    expect(out).toContain('Usage: tscompose image COMMAND');
    expect(out).toContain('  import      Make an image of a root file system\n');
  });

  it.each([
    ['frobnicate', `unknown command 'frobnicate'\nhint: run "tscompose --help" for the list of commands\n`],
    [
      'pss',
      `unknown command 'pss' (did you mean ps?)\nhint: run "tscompose --help" for the list of commands\n`,
    ],
    [
      'build',
      `unknown command 'build'\nhint: load a built image with "tscompose image load", or name one with "image:"\n`,
    ],
    ['swarm init', `unknown command 'swarm'\nhint: tscompose runs on one machine\n`],
    ['up --frob', `unknown option '--frob'\nhint: run "tscompose up --help" for what it takes\n`],
    ['up -f x.yaml', `unknown option '-f'\nhint: -f stands before the command: tscompose -f … up\n`],
    [
      'stop -t soon',
      `--timeout: "soon" is not a whole number\nhint: run "tscompose stop --help" for what it takes\n`,
    ],
    [
      '--progress loud up',
      `--progress: Allowed choices are auto, tty, plain, json, quiet\nhint: run "tscompose --help" for what it takes\n`,
    ],
    [
      'logs --since yesterday',
      `--since: "yesterday" is neither a time such as 2024-05-01T10:00:00Z nor one ago such as 10m\nhint: run "tscompose logs --help" for what it takes\n`,
    ],
    [
      'exec web',
      `missing required argument 'command'\nhint: run "tscompose exec --help" for what it takes\n`,
    ],
    [
      'version 1',
      `too many arguments for 'version'. Expected 0 arguments but got 1\nhint: run "tscompose version --help" for what it takes\n`,
    ],
  ])('refuses "%s" with exit code 1, saying what to do', async (words, said) => {
    expect(await run(words)).toMatchObject({ code: 1, out: '', err: `tscompose: ${said}` });
  });

  it('takes --flag=false for a flag that is on by default, and --flag=true', async () => {
    const { calls } = await run('ps --orphans=false --all=true', { files: shop });
    expect(calls).toEqual([
      'containers({"project":"shop","services":["db","web"],"all":true,"oneOffs":"include"})',
    ]);
  });

  it('leaves the words of the program that is run alone', async () => {
    const { programs, calls } = await run('exec -T web app --detach=true -e x', {
      files: shop,
      client: {
        containers: async () => [container()],
        exec: async (_id, { args }) => ({ argv: ['in', ...args], env: {} }),
      },
    });
    expect(calls.at(-1)).toContain('"args":["app","--detach=true","-e","x"]');
    expect(programs).toEqual([
      { argv: ['in', 'app', '--detach=true', '-e', 'x'], env: {}, detach: false, stdin: true, tty: false },
    ]);
  });

  it.each([['exec -T web deploy'], ['run --rm -T web migrate']])(
    'leaves its own options to the program behind "%s"',
    async (words) => {
      const theirs = ['--dry-run=true', '--verbose=false', '-f=x'];
      const asked: unknown[] = [];
      const { code, requests } = await run([...words.split(' '), ...theirs], {
        files: shop,
        client: {
          containers: async () => [container()],
          exec: async (_id, { args }) => {
            asked.push(args);
            return { argv: ['in'], env: {} };
          },
          apply: async ({ dryRun, command }) => {
            if (command.kind === 'run') asked.push(command.overrides.command);
            return planOf('shop', dryRun ? [] : [creating('shop-web-run-1', { oneOff: true })]);
          },
          attach: async () => ({ socket: '', control: '', tty: false }),
          wait: async () => 7,
        },
      });
      expect({ code, asked, isDry: requests.some(({ dryRun }) => dryRun) }).toEqual({
        code: 7,
        asked: [[words.split(' ').at(-1), ...theirs]],
        isDry: false,
      });
    },
  );

  it('takes -t=5 as -t 5, behind other short options too', async () => {
    const { requests } = await run('-f=other.yaml -p=mine up -dt=5 --scale=web=2', {
      files: { '/shop/other.yaml': shop['/shop/compose.yaml'] },
    });
    expect(requests[0]).toMatchObject({
      projectName: 'mine',
      command: { kind: 'up', timeoutMs: 5000, scale: { web: 2 } },
    });
    const { calls } = await run('ps -a=true -q=false', { files: shop });
    expect(calls).toEqual(['containers({"project":"shop","all":true,"oneOffs":"include"})']);
  });

  it('shows a bug with its stack, and asks for a report', async () => {
    const { code, err } = await run('ps', {
      files: shop,
      client: { containers: () => Promise.reject(new Error('broken inside')) },
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: broken inside\n {4}at /);
    expect(err).toMatch(/\ntscompose: this is a bug: please report it with the lines above\n$/);
  });

  it('ends with 130 when it is interrupted', async () => {
    const here = world({
      files: shop,
      client: {
        apply: (_request, { signal }) =>
          new Promise((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new Error('given up')));
            here.interrupt();
          }),
      },
    });
    expect(await main(['up', '-d'], here.io)).toBe(130);
    expect(here.err()).toBe('');
  });
});

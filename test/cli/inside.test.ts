import { describe, expect, it } from 'vitest';
import type { AgentClient, ExecQuestion } from '../../src/agent/protocol.ts';
import { main } from '../../src/cli/main.ts';
import { parseKeys } from '../../src/cli/stdio.ts';
import { DetachKeys, join, type Terminal } from '../../src/cli/terminal.ts';
import { applying, container, creating, run, shop, stdioOf, world } from './world.ts';

describe('exec', () => {
  const questions: ExecQuestion[] = [];
  const client: Partial<AgentClient> = {
    containers: async () => [container({ number: 2, id: 'second' }), container({ id: 'first' })],
    exec: async (_id, question) => {
      questions.push(question);
      return { argv: ['nsenter', 'crun'], env: { A: '1' } };
    },
  };

  it('runs what the agent says and passes its exit code on', async () => {
    const { code, programs, calls } = await run('exec web ls /', { files: shop, client });
    expect({ code, programs }).toEqual({
      code: 7,
      programs: [{ argv: ['nsenter', 'crun'], env: { A: '1' }, detach: false, stdin: true, tty: false }],
    });
    expect(calls.at(-1)).toBe('exec("first", {"args":["ls","/"],"env":[],"tty":false,"privileged":false})');
  });

  it('hands over variables, user, directory and number', async () => {
    const { calls } = await run('exec --index 2 -e A=1 -e HOME -e NONE -u app -w /srv --privileged web env', {
      files: shop,
      client,
      environment: { HOME: '/root' },
    });
    expect(calls.at(-1)).toBe(
      'exec("second", {"args":["env"],"env":["A=1","HOME=/root"],"tty":false,"privileged":true,"cwd":"/srv","user":"app"})',
    );
  });

  it('gives a terminal when there is one here, unless -T refuses it', async () => {
    questions.length = 0;
    await run('exec web sh', { files: shop, client, tty: true });
    await run('exec -T web sh', { files: shop, client, tty: true });
    await run('exec -d web sh', { files: shop, client, tty: true });
    expect(questions.map(({ tty }) => tty)).toEqual([true, false, false]);
  });

  it('refuses a service that does not run', async () => {
    expect(await run('exec web sh', { files: shop })).toMatchObject({
      code: 1,
      err: 'tscompose: service "web" is not running\nhint: start it with "tscompose up -d web"\n',
    });
  });
});

describe('run', () => {
  const name = 'shop-web-run-0123456789ab';
  const oneOff = container({ name, id: 'one-off', oneOff: true });

  function machine(stdio = stdioOf([]), tty = false): Partial<AgentClient> & { stdio: typeof stdio } {
    let end: (code: number) => void = () => undefined;
    const ended = new Promise<number>((resolve) => {
      end = resolve;
    });
    return {
      stdio,
      apply: applying(creating('shop-db-1'), creating(name, { oneOff: true })),
      containers: async () => [oneOff],
      attach: async () => ({ socket: '/run/attach', control: '/run/ctl', tty }),
      start: async () => setTimeout(() => end(5), 5) && undefined,
      wait: () => ended,
    };
  }

  it('joins the container before it starts, and ends with its exit code', async () => {
    const { stdio, ...client } = machine(
      stdioOf([
        ['stdout', 'out\n'],
        ['stderr', 'err\n'],
      ]),
    );
    const io = { attach: async () => stdio };
    const { code, out, err, calls } = await run('run web echo out', { files: shop, client, io });
    expect({ code, out }).toEqual({ code: 5, out: 'out\n' });
    expect(err).toBe(` Container shop-db-1  Creating
 Container shop-db-1  Created
 Container ${name}  Creating
 Container ${name}  Created
err
`);
    expect(calls).toEqual([`attach("${name}")`, `wait("${name}")`, `start("${name}", {"first":true})`]);
    expect(stdio.sent.at(-1)).toBe('<close>');
  });

  it('ends with the exit code when there was nothing to join', async () => {
    const { stdio: _, ...client } = machine();
    const { code } = await run('-p shop --progress quiet run web true', { files: shop, client });
    expect(code).toBe(5);
  });

  it('prints the id with -d and does not join', async () => {
    const { stdio: _, ...client } = machine();
    expect(await run('run -q -d web true', { files: shop, client })).toMatchObject({
      code: 0,
      out: 'one-off\n',
      err: '',
    });
  });

  it('tells the planner what changes of the service', async () => {
    const { stdio: _, ...client } = machine();
    const { requests } = await run(
      [
        ...'run --rm -d -e A=1 -e HOME -p 8080:80/udp -p 127.0.0.1::90 -v ./src:/app:ro -v data:/data -w /app -u 1:2 -l a=b'.split(
          ' ',
        ),
        ...[
          '--entrypoint',
          `sh -c 'echo hi'`,
          '--name',
          'job',
          '--use-aliases',
          '--cap-add',
          'NET_ADMIN',
          '--no-deps',
          'web',
          '-v',
          'x',
        ],
      ],
      { files: shop, client, environment: { HOME: '/root' } },
    );
    expect(requests[0]?.command).toEqual({
      kind: 'run',
      service: 'web',
      noDeps: true,
      removeOrphans: false,
      ignoreOrphans: false,
      slug: '0123456789ab',
      overrides: {
        environment: { A: '1', HOME: '/root' },
        labels: { a: 'b' },
        mounts: [
          { type: 'bind', source: '/shop/src', target: '/app', readOnly: true, createHostPath: true },
          { type: 'volume', source: 'data', target: '/data', readOnly: false, nocopy: false },
        ],
        ports: [
          { target: 80, protocol: 'udp', mode: 'ingress', published: { start: 8080, end: 8080 } },
          { target: 90, protocol: 'tcp', mode: 'ingress', hostIp: '127.0.0.1' },
        ],
        servicePorts: false,
        useAliases: true,
        tty: false,
        stdinOpen: false,
        autoRemove: true,
        capAdd: ['NET_ADMIN'],
        capDrop: [],
        command: ['-v', 'x'],
        entrypoint: ['sh', '-c', 'echo hi'],
        name: 'job',
        user: '1:2',
        workingDir: '/app',
      },
    });
  });

  it('reads variables from files', async () => {
    const { stdio: _, ...client } = machine();
    const files = { ...shop, '/shop/job.env': 'A=1\nB="two $' + '{A}"\n' };
    const { requests } = await run('run -d --env-from-file job.env -e A=9 web', { files, client });
    expect(requests[0]?.command).toMatchObject({ overrides: { environment: { A: '9', B: 'two 1' } } });
    expect(await run('run --env-from-file none.env web', { files: shop, client })).toMatchObject({
      code: 1,
      err: 'tscompose: env file none.env not found\n',
    });
  });

  it.each([
    ['run -P -p 80 web', 'tscompose: --service-ports and --publish are incompatible\n'],
    ['run -p x web', 'tscompose: --publish x: Invalid containerPort: x\n'],
  ])('refuses "%s"', async (words, err) => {
    expect(await run(words, { files: shop })).toMatchObject({ code: 1, err });
  });

  it('passes Ctrl-C on to a container without a terminal', async () => {
    const { stdio: _, ...client } = machine();
    let end: (code: number) => void = () => undefined;
    const here = world({
      files: shop,
      client: {
        ...client,
        start: async () => here.interrupt(),
        wait: () =>
          new Promise((resolve) => {
            end = resolve;
          }),
        kill: async () => end(130),
      },
    });
    expect(await main(['run', 'web'], here.io)).toBe(130);
    expect(here.calls).toContain(`kill("${name}", "SIGINT")`);
  });
});

describe('joining a terminal to a container', () => {
  function typing() {
    const listeners = new Set<(bytes: Buffer | undefined) => void>();
    const log: string[] = [];
    let resized = (): void => undefined;
    const terminal: Terminal = {
      stdinIsTTY: true,
      rows: 40,
      columns: 120,
      onInput: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onResize: (listener) => {
        resized = listener;
        return () => log.push('no more sizes');
      },
      setRaw: (raw) => void log.push(raw ? 'raw' : 'cooked'),
      write: async (stream, bytes) => void log.push(`${stream}: ${bytes}`),
    };
    const type = (text: string | undefined): void => {
      for (const listener of listeners) listener(text === undefined ? undefined : Buffer.from(text));
    };
    return { terminal, log, type, resize: () => resized(), listening: () => listeners.size };
  }

  it('is raw while it lasts, follows its size, and is given back at the end', async () => {
    const { terminal, log, type, resize, listening } = typing();
    const stdio = stdioOf([]);
    let end = (): void => undefined;
    const read = async (onPacket: (stream: 'stdout', bytes: Buffer) => unknown): Promise<void> => {
      await onPacket('stdout', Buffer.from('$ '));
      await new Promise<void>((resolve) => {
        end = resolve;
      });
    };
    const over = join(
      terminal,
      { ...stdio, read },
      { tty: true, stdin: true, detachKeys: Buffer.from([16, 17]) },
    );
    await new Promise((resolve) => setTimeout(resolve, 1));
    type('ls\r');
    resize();
    type(undefined);
    await stdio.ended;
    end();
    expect(await over).toBe('ended');
    expect(stdio.sent).toEqual(['<40x120>', '<40x120>', 'ls\r', '<end>', '<close>']);
    expect(log).toEqual(['raw', 'stdout: $ ', 'no more sizes', 'cooked']);
    expect(listening()).toBe(0);
  });

  it('leaves the container running at ctrl-p ctrl-q', async () => {
    const { terminal, log, type } = typing();
    const stdio = stdioOf([]);
    const over = join(
      terminal,
      { ...stdio, read: () => new Promise(() => undefined) },
      { tty: true, stdin: true, detachKeys: Buffer.from([16, 17]) },
    );
    type('a\x10');
    type('\x11');
    expect(await over).toBe('detached');
    expect(log.at(-1)).toBe('cooked');
  });

  it('finds the keys in pieces and passes on what is not them', () => {
    const keys = new DetachKeys(Buffer.from([16, 17]));
    const take = (text: string) => {
      const { forward, detached } = keys.take(Buffer.from(text));
      return [forward.toString(), detached];
    };
    expect(take('ab')).toEqual(['ab', false]);
    expect(take('\x10')).toEqual(['', false]);
    expect(take('x')).toEqual(['\x10x', false]);
    expect(take('\x10\x10')).toEqual(['\x10', false]);
    expect(take('\x11rest')).toEqual(['', true]);
  });

  it('reads keys as Docker writes them', () => {
    expect([...parseKeys('ctrl-p,ctrl-q')]).toEqual([16, 17]);
    expect([...parseKeys('ctrl-x,x')]).toEqual([24, 120]);
    expect(() => parseKeys('f1')).toThrow('"f1" is no key to detach with');
  });
});

describe('attach', () => {
  it('shows the output and ends with the exit code', async () => {
    const stdio = stdioOf([['stdout', 'tick\n']]);
    const client: Partial<AgentClient> = {
      containers: async () => [container({ id: 'first' })],
      attach: async () => ({ socket: '/run/attach', control: '/run/ctl', tty: false }),
      wait: async () => 2,
    };
    const result = await run('attach --no-stdin web', {
      files: shop,
      client,
      io: { attach: async () => stdio },
    });
    expect({ code: result.code, out: result.out }).toEqual({ code: 2, out: 'tick\n' });
  });
});

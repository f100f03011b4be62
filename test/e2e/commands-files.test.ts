/** Commands about files, global options and variables, through the real program: `config`, `plan`, `version`, completion. */
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { invoke, program } from './commands.ts';
import { sharedStack, stack } from './stack.ts';

const shared = sharedStack(
  `
name: shop
services:
  web:
    image: busybox:\${TAG:-latest}
    command: echo $$HOME
    depends_on: [db]
    env_file: web.env
    volumes: ["data:/data", ".:/src"]
  db: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
  debug: {image: busybox, profiles: [tools]}
volumes: {data: {}, unused: {}}
`,
  {
    'web.env': 'FROM_FILE=1\n',
    'other.env': 'TAG=from-file\n',
    'more.yaml': 'services: {web: {scale: 2}}\n',
  },
  async () => undefined,
);

describe('config', () => {
  const config = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await invoke(shared(), words, { named: false });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('prints the project in full, as YAML, as JSON and into a file, and each loads to the same', async () => {
    const yaml = await config('config');
    expect(yaml).toMatch(/^name: shop\nservices:\n/);
    const json = await config('config', '--format', 'json');
    const directory = shared().directory;
    expect(JSON.parse(json).services.web).toMatchObject({
      command: ['echo', '$$HOME'],
      environment: { FROM_FILE: '1' },
      image: 'busybox:latest',
      volumes: [
        { type: 'volume', source: 'data', target: '/data', volume: {} },
        { type: 'bind', source: directory, target: '/src' },
      ],
    });
    expect(Object.keys(JSON.parse(json).volumes)).toEqual(['data']);
    await config('config', '-o', 'printed.yaml');
    expect(await readFile(join(directory, 'printed.yaml'), 'utf8')).toBe(yaml);
    expect(await config('-f', 'printed.yaml', 'config')).toBe(yaml);
  });

  test('prints lists', async () => {
    expect(await config('config', '--services')).toBe('db\nweb\n');
    expect(await config('--profile', 'tools', 'config', '--services')).toBe('db\ndebug\nweb\n');
    expect((await config('config', '--images')).split('\n').toSorted()).toEqual([
      '',
      'busybox',
      'busybox:latest',
    ]);
    expect(await config('config', '--volumes')).toBe('data\n');
    expect(await config('--all-resources', 'config', '--volumes')).toBe('data\nunused\n');
    expect(await config('config', '--networks')).toBe('default\n');
    expect(await config('config', '--profiles')).toBe('tools\n');
    expect(await config('config', '--hash', 'db')).toMatch(/^db [0-9a-f]{64}\n$/);
    expect(await config('config', '--variables')).toBe(
      'NAME                REQUIRED            DEFAULT VALUE       ALTERNATE VALUE\nTAG                 false               latest\n',
    );
    expect(await config('config', '--environment')).toMatch(/^COMPOSE_PROJECT_NAME=shop$/m);
    expect(await config('config', '--quiet')).toBe('');
    expect(await config('config', '--no-interpolate')).toContain('busybox:${TAG:-latest}');
    expect(await config('config', '--no-env-resolution')).toContain('env_file:');
    expect(await config('config', 'db')).not.toContain('web:');
  });

  test('follows global options and the variables that stand in for them', async () => {
    const image = async (words: readonly string[], environment: Record<string, string>): Promise<string> => {
      const { stdout } = await invoke(shared(), [...words, 'config', '--format', 'json'], {
        named: false,
        environment,
      });
      const { name, services } = JSON.parse(stdout);
      return `${name} ${services.web.image} ${services.web.scale ?? 1}`;
    };
    expect(await image([], { TAG: '1' })).toBe('shop busybox:1 1');
    expect(await image(['--env-file', 'other.env'], {})).toBe('shop busybox:from-file 1');
    expect(await image([], { COMPOSE_ENV_FILES: 'other.env' })).toBe('shop busybox:from-file 1');
    expect(await image(['-p', 'mine'], { COMPOSE_PROJECT_NAME: 'other' })).toBe('mine busybox:latest 1');
    expect(await image([], { COMPOSE_PROJECT_NAME: 'other' })).toBe('other busybox:latest 1');
    expect(await image(['-f', 'compose.yaml', '-f', 'more.yaml'], {})).toBe('shop busybox:latest 2');
    expect(await image([], { COMPOSE_FILE: 'compose.yaml:more.yaml' })).toBe('shop busybox:latest 2');
    const below = { ...shared(), directory: '/' };
    const moved = await invoke(below, ['--project-directory', shared().directory, 'config', '--services'], {
      named: false,
    });
    expect(moved).toEqual({ code: 0, stdout: 'db\nweb\n', stderr: '' });
    const tools = await invoke(shared(), ['config', '--services'], {
      named: false,
      environment: { COMPOSE_PROFILES: 'tools' },
    });
    expect(tools.stdout).toBe('db\ndebug\nweb\n');
  });

  test('reads standard input with -f -', async () => {
    const { stdout } = await invoke(shared(), ['-f', '-', 'config', '--services'], {
      input: 'services: {piped: {image: busybox}}',
    });
    expect(stdout).toBe('piped\n');
  });
});

test('plan says what up would do and why, as text, as JSON and as a graph, and does nothing', async () => {
  const todo = await stack('services: {db: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}}');
  const { project } = todo;
  expect(await todo.ok('plan')).toBe(`${project}: 3 steps
  network:default  create network ${project}_default  does not exist
  create:db-1      create container ${project}-db-1   does not exist  after network:default
  start:db-1       start container ${project}-db-1    new             after create:db-1
`);
  const plan = JSON.parse(await todo.ok('plan', '--json'));
  expect(plan.nodes.map(({ id }: { id: string }) => id)).toEqual([
    'network:default',
    'create:db-1',
    'start:db-1',
  ]);
  expect(JSON.parse(await todo.ok('plan', '--format', 'json'))).toEqual(plan);
  expect(await todo.ok('plan', '--format', 'mermaid')).toMatch(/^%% .*: 3 steps\nflowchart TD\n/);
  expect(await todo.ok('plan', '--format', 'dot')).toMatch(/^digraph "e2e.*" \{\n(.*\n)*\}\n$/);
  expect(await todo.containers()).toEqual([]);
  await todo.ok('up', '-d');
  expect(await todo.ok('plan')).toBe('Nothing to do: everything is as the file says.\n');
});

test('version and --version print the same version', async () => {
  const short = (await shared().ok('version', '--short')).trim();
  expect(short).toMatch(/^\d+\.\d+\.\d+/);
  expect(await shared().ok('version')).toBe(`tscompose version ${short}\n`);
  expect(await invoke(shared(), ['--version'], { named: false })).toMatchObject({
    stdout: `tscompose version ${short}\n`,
  });
  expect(JSON.parse(await shared().ok('version', '--format', 'json'))).toEqual({ version: short });
});

test('every command explains itself, on standard output', async () => {
  const { stdout } = await invoke(shared(), ['--help'], { named: false });
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}[A-Z]/gm)].map(([, name = '']) => name);
  expect(commands.length).toBeGreaterThan(25);
  for (const command of commands) {
    const help = await invoke(shared(), [command, '--help'], { named: false });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(new RegExp(`^Usage: tscompose ${command} `));
  }
});

describe('mistakes on the command line', () => {
  test.each<[string, string]>([
    [
      'upp',
      `unknown command 'upp' (did you mean up?)\nhint: run "tscompose --help" for the list of commands`,
    ],
    ['build', `unknown command 'build'\nhint: load a built image with "tscompose image load"`],
    ['up --nonsense', `unknown option '--nonsense'\nhint: run "tscompose up --help" for what it takes`],
    [
      'up --progress plain',
      `unknown option '--progress'\nhint: --progress stands before the command: tscompose --progress … up`,
    ],
    ['exec web', `missing required argument 'command'`],
    ['logs --tail many', '--tail: "many" is not a whole number'],
    ['--progress fancy up', '--progress: Allowed choices are auto, tty, plain, json, quiet'],
    ['up --force-recreate --no-recreate', '--force-recreate and --no-recreate are incompatible'],
  ])('%s', async (words, message) => {
    const { code, stdout, stderr } = await invoke(shared(), words.split(' '), { named: false });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`tscompose: ${message}`);
  });
});

describe('completion in bash', () => {
  test('completes commands, options, their values and services', async () => {
    const { directory } = shared();
    const bin = join(directory, 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, 'tscompose'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`);
    await chmod(join(bin, 'tscompose'), 0o755);
    /** What bash would offer: the function that the script has bound is called as readline calls it. */
    const offers = async (...words: string[]): Promise<string[]> => {
      const script = `
        source <(tscompose completion bash)
        compopt() { :; }
        COMP_WORDS=(tscompose "$@"); COMP_CWORD=$#; COMPREPLY=()
        bound=$(complete -p tscompose | sed 's/.*-F \\([^ ]*\\).*/\\1/')
        "$bound" tscompose "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\\n' "\${COMPREPLY[@]}"`;
      const bash = spawn('bash', ['--norc', '-c', script, 'bash', ...words], {
        cwd: directory,
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return (await text(bash.stdout)).split('\n').filter(Boolean);
    };
    expect(await offers('u')).toEqual(['up', 'unpause']);
    expect(await offers('up', '--abort')).toEqual([
      '--abort-on-container-exit',
      '--abort-on-container-failure',
    ]);
    expect(await offers('--progress', '')).toEqual(['auto', 'tty', 'plain', 'json', 'quiet']);
    expect(await offers('logs', '')).toEqual(['db', 'debug', 'web']);
    expect(await offers('-f', '')).toEqual([]);
    expect(await offers('image', 'i')).toEqual(['import', 'inspect']);
  });
});

/** `exec`, `run` and `attach` without a terminal: streams, exit codes, and what a one-off container is given. */
import { describe, expect, test } from 'vitest';
import { invoke, live, states, until } from './commands.ts';
import { sharedStack, stack } from './stack.ts';

const service = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    working_dir: /srv
    environment: {FROM_FILE: "yes"}
    ulimits: {core: -1}
    group_add: ["44"]
    ports: ["80"]
    volumes: ["data:/data"]
    scale: 2
volumes: {data: {}}
`;

describe('exec', () => {
  const shared = sharedStack(service, {}, ({ ok }) => ok('up', '-d'));

  test('passes input, both outputs and the exit code through', async () => {
    const input = Buffer.alloc(3_000_000, 'some bytes\n');
    const { code, stdout, stderr } = await invoke(
      shared(),
      ['exec', '-T', 'web', 'sh', '-c', 'cat; echo to stderr >&2; exit 42'],
      { input },
    );
    expect({ code, stderr, same: stdout === input.toString() }).toEqual({
      code: 42,
      stderr: 'to stderr\n',
      same: true,
    });
  });

  test('works without -T where there is no terminal', async () => {
    expect(await invoke(shared(), ['exec', 'web', 'cat'], { input: 'piped' })).toEqual({
      code: 0,
      stdout: 'piped',
      stderr: '',
    });
  });

  test('has the environment, directory, limits, user and groups of the service, or those it is given', async () => {
    const { ok } = shared();
    const show = 'echo $FROM_FILE $(pwd) $(ulimit -c) $(id -u) $(id -G) $EXTRA';
    expect(await ok('exec', '-T', 'web', 'sh', '-c', show)).toBe('yes /srv unlimited 0 0 44\n');
    expect(
      await ok('exec', '-T', '-e', 'EXTRA=1', '-w', '/tmp', '-u', '65534', 'web', 'sh', '-c', show),
    ).toBe('yes /tmp unlimited 65534 65534 44 1\n');
    const capabilities = await ok('exec', '-T', 'web', 'grep', 'CapEff', '/proc/self/status');
    const privileged = await ok('exec', '-T', '--privileged', 'web', 'grep', 'CapEff', '/proc/self/status');
    expect(BigInt(`0x${privileged.slice(7).trim()}`)).toBeGreaterThan(
      BigInt(`0x${capabilities.slice(7).trim()}`),
    );
  });

  test('takes the first container, or the one with --index', async () => {
    const { ok } = shared();
    const ids = (await ok('ps', '--format', '{{.ID}}')).trim().split('\n');
    expect(await ok('exec', '-T', 'web', 'hostname')).toBe(`${ids[0]}\n`);
    expect(await ok('exec', '-T', '--index', '2', 'web', 'hostname')).toBe(`${ids[1]}\n`);
    expect((await shared().run('exec', '--index', '3', 'web', 'true')).stderr).toBe(
      'tscompose: service "web" container #3 is not running\nhint: start it with "tscompose up -d web"\n',
    );
  });

  test('goes on in the background with -d', async () => {
    const { ok } = shared();
    expect(await ok('exec', '-d', 'web', 'sh', '-c', 'sleep 0.2; touch /tmp/was-here')).toBe('');
    await until(async () => expect(await ok('exec', '-T', 'web', 'ls', '/tmp')).toContain('was-here'));
  });

  test.each([
    ['/no/such/program', 127],
    ['/etc/passwd', 126],
  ])('cannot run %s and ends with %d, as a shell does', async (path, code) => {
    const { code: ended, stderr } = await shared().run('exec', '-T', 'web', path);
    expect(ended).toBe(code);
    expect(stderr).toContain(path);
  });

  test('ends with the signal’s code when the command is killed', async () => {
    expect((await shared().run('exec', '-T', 'web', 'sh', '-c', 'kill -9 $$')).code).toBe(137);
  });
});

describe('run', () => {
  const shared = sharedStack(service, { 'job.env': 'FROM_ENV_FILE=1\n' }, async () => undefined);

  test('gives the command’s output, apart, and its exit code, and leaves nothing with --rm', async () => {
    const todo = shared();
    const words = ['--progress', 'quiet', 'run', '--rm', '-T', 'web', 'sh', '-c'];
    expect(await todo.run(...words, 'echo out; echo err >&2; exit 7')).toEqual({
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect(await states(todo)).toEqual({});
    expect(await todo.ok('volume', 'ls', '-q')).toContain(`${todo.project}_data`);
  });

  test('never loses output, however short the command', async () => {
    for (let round = 0; round < 10; round += 1)
      expect(await shared().ok('run', '--rm', '-T', 'web', 'echo', `round ${round}`)).toBe(
        `round ${round}\n`,
      );
    const many = await shared().ok('run', '--rm', '-T', 'web', 'seq', '1', '100000');
    expect(many).toBe(Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join(''));
  });

  test('passes its input on and closes it', async () => {
    const input = Buffer.alloc(500_000, 'some bytes\n');
    const { code, stdout } = await invoke(
      shared(),
      ['run', '--rm', '-T', 'web', 'sh', '-c', 'cat; echo end'],
      { input },
    );
    expect({ code, same: stdout === `${input}end\n` }).toEqual({ code: 0, same: true });
  });

  test('takes name, environment, directory, user, labels, volumes, entrypoint and ports', async () => {
    const todo = shared();
    const { ok, project } = todo;
    const show = 'echo $FROM_FILE $FROM_ENV_FILE $EXTRA $(pwd) $(id -u)';
    expect(
      await ok(
        ...['run', '--rm', '-T', '-e', 'EXTRA=2', '--env-from-file', 'job.env', '-w', '/tmp', '-u', '65534'],
        ...['web', 'sh', '-c', show],
      ),
    ).toBe('yes 1 2 /tmp 65534\n');
    expect(await ok('run', '--rm', '-T', '-v', './:/mnt:ro', 'web', 'ls', '/mnt')).toBe(
      'compose.yaml\njob.env\n',
    );
    expect(await ok('run', '--rm', '-T', '--entrypoint', 'echo from', 'web', 'entrypoint')).toBe(
      'from entrypoint\n',
    );
    const id = await ok('run', '-d', '--name', `${project}-named`, '-p', '0:90', '-l', 'a=b', 'web');
    expect(id).toMatch(/^[0-9a-f]{64}\n$/);
    const [line = ''] = (await ok('ps', '-a', '--format', '{{.Ports}} {{.Label "a"}}')).split('\n');
    expect(line).toMatch(/^0\.0\.0\.0:\d+->90\/tcp, \[::\]:\d+->90\/tcp b$/);
    const ports = await ok('run', '-d', '-P', 'web');
    expect(ports).toMatch(/^[0-9a-f]{64}\n$/);
    expect(await ok('ps', '-a', '--format', '{{.Ports}}')).toMatch(/->80\/tcp/);
    await ok('down', '--remove-orphans', '-t', '0');
  });

  test('writes to the volumes of the service', async () => {
    await shared().ok('run', '--rm', '-T', 'web', 'sh', '-c', 'echo kept >/data/file');
    expect(await shared().ok('run', '--rm', '-T', 'web', 'cat', '/data/file')).toBe('kept\n');
  });

  test('starts what the service needs, waits for it, and does not with --no-deps', async () => {
    const todo = await stack(`
services:
  job:
    image: busybox
    command: "true"
    volumes: ["shared:/shared"]
    depends_on: {db: {condition: service_healthy}}
  db:
    image: busybox
    command: sh -c 'sleep 0.3; touch /shared/ready; exec sleep 1000'
    stop_signal: SIGKILL
    volumes: ["shared:/shared"]
    healthcheck: {test: test -f /shared/ready, interval: 50ms, retries: 100000}
volumes: {shared: {}}
`);
    expect(await todo.ok('run', '--rm', '-T', '--no-deps', 'job', 'ls', '/shared')).toBe('');
    expect(await todo.ok('run', '--rm', '-T', 'job', 'ls', '/shared')).toBe('ready\n');
    expect(await states(todo)).toEqual({ 'db-1': 'running' });
  });

  test('says which services it does not know, and what it cannot run', async () => {
    expect(await shared().run('run', '--rm', 'nope')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tscompose: no such service: nope\nhint: the only service is web\n',
    });
    const { code, stderr } = await shared().run('run', '--rm', '-T', 'web', '/no/such/program');
    expect(code).toBe(127);
    expect(stderr).toContain('/no/such/program');
    expect(await states(shared())).toEqual({});
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('passes %s on to the container', async (name) => {
    const script = `trap 'echo got SIGINT; exit 3' INT; trap 'echo got SIGTERM; exit 3' TERM; echo ready; while true; do sleep 0.05; done`;
    const running = live(shared(), ['run', '--rm', '-T', 'web', 'sh', '-c', script]);
    await running.says('ready\n');
    running.signal(name);
    expect(await running.ended).toMatchObject({ code: 3, stdout: `ready\ngot ${name}\n` });
  });
});

describe('attach', () => {
  test('joins a running container from here on, and ends with its exit code', async () => {
    const todo = await stack(`
services:
  echo:
    image: busybox
    command: sh -c 'read line; echo "got $$line"; exit 5'
    stdin_open: true
`);
    await todo.ok('up', '-d');
    const attached = live(todo, ['attach', 'echo']);
    attached.type('hello\n');
    const { code, stdout } = await attached.ended;
    expect({ code, stdout }).toEqual({ code: 5, stdout: 'got hello\n' });
  });

  test('leaves the input open for the next who attaches', async () => {
    const todo = await stack(`
services:
  cat: {image: busybox, command: cat, stdin_open: true, stop_signal: SIGKILL}
`);
    await todo.ok('up', '-d');
    for (const text of ['first\n', 'second\n']) {
      const attached = live(todo, ['attach', '--sig-proxy=false', 'cat']);
      attached.type(text);
      await attached.says(text);
      attached.signal('SIGTERM');
      await attached.ended;
    }
    expect(await states(todo)).toEqual({ 'cat-1': 'running' });
    expect(await todo.ok('logs', '--no-log-prefix')).toBe('first\nsecond\n');
  });

  test('gives signals to the container, unless it is told not to', async () => {
    const todo = await stack(`
services:
  web:
    image: busybox
    command: sh -c 'trap "echo bye; exit 6" INT; while true; do echo tick; sleep 0.05; done'
    stop_signal: SIGKILL
`);
    await todo.ok('up', '-d');
    const watching = live(todo, ['attach', '--no-stdin', '--sig-proxy=false', 'web']);
    await watching.says('tick');
    watching.signal('SIGINT');
    await watching.ended;
    expect(await states(todo)).toEqual({ 'web-1': 'running' });
    const attached = live(todo, ['attach', 'web']);
    await attached.says('tick');
    attached.signal('SIGINT');
    expect(await attached.ended).toMatchObject({ code: 6, stdout: expect.stringMatching(/bye\n$/) });
  });
});

test('exec, run and attach say what does not run', async () => {
  const todo = await stack(service);
  const notRunning = {
    code: 1,
    stdout: '',
    stderr: 'tscompose: service "web" is not running\nhint: start it with "tscompose up -d web"\n',
  };
  expect(await todo.run('exec', 'web', 'true')).toEqual(notRunning);
  expect(await todo.run('attach', 'web')).toEqual(notRunning);
});

/** `up` in the foreground, on real containers. */
import { describe, expect, test } from 'vitest';
import { eventually } from '../patience.ts';
import { edit, invoke, live, states, until } from './commands.ts';
import { stack } from './stack.ts';

/** Two that go on until they are stopped, one that ends by itself. */
const chatty = `
services:
  web:
    image: busybox
    command: sh -c 'echo web is up; echo web complains >&2; exec sleep 1000'
    stop_signal: SIGKILL
    depends_on: [database]
  database:
    image: busybox
    command: sh -c 'echo database is up; exec sleep 1000'
    stop_signal: SIGKILL
  job:
    image: busybox
    command: sh -c 'echo job is done; exit 3'
`;

test('output comes behind padded names, standard error apart, until Ctrl-C stops everything and ends with 130', async () => {
  const todo = await stack(chatty);
  const up = live(todo, ['up']);
  await up.says('database-1  | database is up\n');
  await up.says('web-1       | web is up\n');
  await up.says('web-1       | web complains\n', 'stderr');
  await up.says(/^job-1 {7}\| job is done\n(.*\n)*job-1 exited with code 3\n/m);
  up.signal('SIGINT');
  const { code, stdout, stderr } = await up.ended;
  expect(code).toBe(130);
  expect(stdout).toMatch(/^Attaching to database-1, job-1, web-1\n/);
  expect(stdout).toMatch(/web-1 exited with code 137\n.*database-1 exited with code 137\n$/s);
  const { project } = todo;
  expect(stderr.split('\n').slice(-6)).toEqual([
    'Gracefully Stopping... press Ctrl+C again to force',
    ` Container ${project}-web-1  Stopping`,
    ` Container ${project}-web-1  Stopped`,
    ` Container ${project}-database-1  Stopping`,
    ` Container ${project}-database-1  Stopped`,
    '',
  ]);
  expect(await states(todo)).toEqual({ 'web-1': 'exited', 'database-1': 'exited', 'job-1': 'exited' });
});

test('what an earlier run left is not shown again, neither its lines nor its ends', async () => {
  const todo = await stack(chatty);
  const first = live(todo, ['up']);
  await first.says('job-1 exited');
  await first.says('web is up');
  await first.says('database is up');
  first.signal('SIGTERM');
  expect((await first.ended).code).toBe(130);
  const again = live(todo, ['up']);
  await again.says('job-1 exited');
  await again.says('web is up');
  await again.says('database is up');
  again.signal('SIGINT');
  const { stdout } = await again.ended;
  expect(stdout.split('\n').toSorted()).toEqual(
    [
      '',
      'Attaching to database-1, job-1, web-1',
      'web-1       | web is up',
      'database-1  | database is up',
      'job-1       | job is done',
      'job-1 exited with code 3',
      'web-1 exited with code 137',
      'database-1 exited with code 137',
    ].toSorted(),
  );
});

test('a second Ctrl-C kills what takes too long to stop', async () => {
  const todo = await stack(
    chatty.replaceAll('stop_signal: SIGKILL', 'stop_signal: SIGUSR1\n    stop_grace_period: 10m'),
  );
  const up = live(todo, ['up']);
  await up.says('web is up');
  await up.says('database is up');
  up.signal('SIGINT');
  await up.says(`Container ${todo.project}-web-1  Stopping`, 'stderr');
  up.signal('SIGINT');
  expect((await up.ended).code).toBe(130);
  expect(await states(todo)).toEqual({ 'web-1': 'exited', 'database-1': 'exited', 'job-1': 'exited' });
});

test('it ends by itself when the last service has, with 0 whatever their codes', async () => {
  const todo = await stack(`
services:
  one: {image: busybox, command: "true"}
  two: {image: busybox, command: sh -c 'exit 9', depends_on: [one]}
`);
  const { code, stdout } = await todo.run('up');
  expect(code).toBe(0);
  expect(stdout.split('\n').toSorted()).toEqual([
    '',
    'Attaching to one-1, two-1',
    'one-1 exited with code 0',
    'two-1 exited with code 9',
  ]);
});

describe('what is shown', () => {
  test('are the named services, and their dependencies only when asked for', async () => {
    const todo = await stack(`
services:
  web:
    image: busybox
    command: echo from web
    depends_on: {db: {condition: service_completed_successfully}}
  db: {image: busybox, command: echo from db}
`);
    expect((await todo.run('up', 'web')).stdout).toBe(
      'Attaching to web-1\nweb-1  | from web\nweb-1 exited with code 0\n',
    );
    const { stdout } = await todo.run('up', '--attach-dependencies', 'web');
    expect(stdout).toContain('db-1   | from db\n');
    expect(stdout).toContain('web-1  | from web\n');
  });

  test('is chosen with --attach, --no-attach and attach: false, and --no-log-prefix leaves the lines bare', async () => {
    const todo = await stack(`
services:
  one: {image: busybox, command: echo from one}
  two: {image: busybox, command: echo from two}
  quiet: {image: busybox, command: echo from quiet, attach: false}
`);
    const shown = async (...words: string[]): Promise<string[]> =>
      (await todo.run('up', ...words)).stdout
        .split('\n')
        .filter((line) => line.includes('from'))
        .toSorted();
    expect(await shown()).toEqual(['one-1  | from one', 'two-1  | from two']);
    expect(await shown('--no-attach', 'two')).toEqual(['one-1  | from one']);
    expect(await shown('--attach', 'quiet')).toEqual(['quiet-1  | from quiet']);
    expect(await shown('--no-log-prefix')).toEqual(['from one', 'from two']);
    expect((await shown('--timestamps', 'one'))[0]).toMatch(
      /^one-1 {2}\| \d{4}-\d\d-\d\dT[\d:.]+Z from one$/,
    );
  });
});

describe('a service that ends', () => {
  test('stops the rest with --abort-on-container-exit, which takes its code', async () => {
    const todo = await stack(chatty);
    const { code, stderr } = await todo.run('up', '--abort-on-container-exit');
    expect(code).toBe(3);
    expect(stderr).toContain('Aborting on container exit...\n');
    expect(await states(todo)).toEqual({ 'web-1': 'exited', 'database-1': 'exited', 'job-1': 'exited' });
  });

  test('stops the rest with --abort-on-container-failure only when it has failed', async () => {
    const todo = await stack(chatty.replace('exit 3', 'exit 0'));
    const up = live(todo, ['up', '--abort-on-container-failure']);
    await up.says('job-1 exited with code 0');
    // What starts beside it may take longer than it took to end.
    await eventually(async () => expect((await states(todo))['web-1']).toBe('running'));
    await todo.ok('kill', 'database');
    expect((await up.ended).code).toBe(137);
  });

  test('leaves its code with --exit-code-from, whoever ended first', async () => {
    const todo = await stack(`
services:
  tests: {image: busybox, command: sh -c 'sleep 0.2; exit 5', depends_on: [db]}
  db: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
`);
    expect((await todo.run('up', '--exit-code-from', 'tests')).code).toBe(5);
    expect((await todo.run('up', '--exit-code-from', 'db')).code).toBe(137);
  });

  test('is told to be restarting when its policy brings it back, and up goes on', async () => {
    const todo = await stack(`
services:
  flaky: {image: busybox, command: sh -c 'echo again; sleep 0.3; exit 4', restart: always}
`);
    const up = live(todo, ['up']);
    await up.says(/again\nflaky-1 exited with code 4 \(restarting\)\nflaky-1 {2}\| again\n/);
    await todo.ok('stop');
    expect((await up.ended).code).toBe(0);
    expect(up.stdout()).toMatch(/\nflaky-1 exited with code \d+\n$/);
  });
});

test('a container that another command adds or replaces is followed too', async () => {
  const todo = await stack(chatty);
  const up = live(todo, ['up', 'database']);
  await up.says('database is up');
  await todo.ok('up', '-d', '--scale', 'database=2', '--no-recreate', 'database');
  await up.says('database-2  | database is up');
  await edit(todo, 'database is up', 'database is new');
  await todo.ok('up', '-d', 'database');
  await up.says(/database-1 +\| database is new/);
  await todo.ok('stop', 'database');
  expect((await up.ended).code).toBe(0);
});

test('what is waited for is told, while the containers that run already write', async () => {
  const todo = await stack(`
services:
  web: {image: busybox, command: echo from web, depends_on: {db: {condition: service_healthy}}}
  db:
    image: busybox
    command: sh -c 'echo from db; while [ ! -f /go/on ]; do sleep 0.05; done; touch /ready; exec sleep 1000'
    stop_signal: SIGKILL
    volumes: [./go:/go]
    healthcheck: {test: test -f /ready, interval: 50ms, retries: 100000}
`);
  const up = live(todo, ['up', '--attach-dependencies', 'web']);
  await up.says('from db');
  await up.says(` Container ${todo.project}-db-1  Waiting\n`, 'stderr');
  await todo.write('go/on', '');
  expect((await up.ended).code).toBe(0);
  expect(up.stderr()).toContain(` Container ${todo.project}-db-1  Healthy\n`);
  expect(up.stdout()).toContain('web-1  | from web\nweb-1 exited with code 0\n');
});

test('what cannot start is said once more at the end, and the code is 1', async () => {
  const todo = await stack(`
services:
  broken: {image: busybox, command: /no/such/program}
`);
  for (const words of [['up'], ['up', '--detach'], ['start'], ['restart']]) {
    const { code, stderr } = await todo.run(...words);
    expect({ words, code, stderr }).toEqual({
      words,
      code: 1,
      stderr: expect.stringContaining('/no/such/program'),
    });
  }
});

test('an interrupt during creation leaves nothing running', async () => {
  const todo = await stack(`
services:
  slow:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    healthcheck: {test: "false", interval: 100ms, retries: 100000}
  waits: {image: busybox, command: sleep 1000, depends_on: {slow: {condition: service_healthy}}}
`);
  const up = live(todo, ['up', '-d']);
  await up.says('slow-1  Waiting', 'stderr');
  up.signal('SIGINT');
  expect((await up.ended).code).toBe(130);
  expect(await states(todo)).toEqual({ 'slow-1': 'running', 'waits-1': 'created' });
  const attached = live(todo, ['up']);
  await attached.says('Attaching to');
  attached.signal('SIGINT');
  expect((await attached.ended).code).toBe(130);
  await until(async () => expect(await states(todo)).toEqual({ 'slow-1': 'exited', 'waits-1': 'created' }));
});

test('standard output carries the containers’ lines alone, however progress is shown', async () => {
  const todo = await stack('services: {one: {image: busybox, command: echo hello}}');
  for (const progress of ['plain', 'json', 'quiet', 'auto']) {
    const { stdout, code } = await invoke(todo, ['--progress', progress, 'up', '--no-log-prefix']);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Attaching to one-1\nhello\none-1 exited with code 0\n',
    });
  }
});

/** `up -d`, `create` and what decides which containers are made, replaced, kept and removed. */
import { describe, expect, test } from 'vitest';
import { edit, invoke, live, states, until } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const pair = `
services:
  web:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    depends_on: [db]
  db:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    volumes: [/scratch]
`;

/** Service-number → id. */
async function ids(todo: Stack): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(
    (await todo.containers()).map(({ Name, ID }) => [Name.slice(todo.project.length + 1), ID]),
  );
}

/** Progress lines without the project's name, in an order that does not depend on who was faster. */
function progress({ project }: Stack, stderr: string): string[] {
  return stderr.replaceAll(`${project}-`, '').split('\n').filter(Boolean).toSorted();
}

describe('up -d', () => {
  test('tells on standard error what it does, in Docker’s words, and nothing on standard output', async () => {
    const todo = await stack(pair);
    const first = await todo.run('up', '-d');
    expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 0, stdout: '' });
    expect(progress(todo, first.stderr.replaceAll(`${todo.project}_`, ''))).toEqual([
      ' Container db-1  Created',
      ' Container db-1  Creating',
      ' Container db-1  Started',
      ' Container db-1  Starting',
      ' Container web-1  Created',
      ' Container web-1  Creating',
      ' Container web-1  Started',
      ' Container web-1  Starting',
      ' Network default  Created',
      ' Network default  Creating',
    ]);
    const again = await todo.run('up', '-d');
    expect(progress(todo, again.stderr)).toEqual([' Container db-1  Running', ' Container web-1  Running']);
  });

  test('tells it as JSON, not at all, or on standard output, as it is asked to', async () => {
    const todo = await stack(pair);
    const told = await todo.run('--progress', 'json', 'up', '-d', '--no-deps', 'web');
    const id = `Container ${todo.project}-web-1`;
    expect(told.stderr.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))).toEqual(
      expect.arrayContaining([
        { id, status: 'Working', text: 'Creating' },
        { id, status: 'Done', text: 'Created' },
        { id, status: 'Working', text: 'Starting' },
        { id, status: 'Done', text: 'Started' },
      ]),
    );
    expect(await todo.run('--progress', 'quiet', 'up', '-d')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await invoke(todo, ['up', '-d'], { environment: { COMPOSE_PROGRESS: 'quiet' } })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const moved = await invoke(todo, ['up', '-d', 'db'], { environment: { COMPOSE_STATUS_STDOUT: '1' } });
    expect(moved).toEqual({ code: 0, stdout: ` Container ${todo.project}-db-1  Running\n`, stderr: '' });
  });

  test('shows the plan with --dry-run, and does nothing', async () => {
    const todo = await stack(pair);
    for (const words of [
      ['--dry-run', 'up', '-d'],
      ['up', '--dry-run'],
    ]) {
      const { code, stdout } = await todo.run(...words);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`start:web-1 +start container ${todo.project}-web-1 +new`));
    }
    expect(await todo.containers()).toEqual([]);
  });
});

describe('--wait', () => {
  const checked = (check: string): string => `
services:
  web:
    image: busybox
    command: sh -c 'sleep 0.3; touch /ready; exec sleep 1000'
    stop_signal: SIGKILL
    healthcheck: {test: ${check}, interval: 100ms, retries: 100000}
`;

  test('returns when everything is healthy', async () => {
    const todo = await stack(checked('test -f /ready'));
    await todo.ok('up', '--wait');
    expect((await todo.containers()).map(({ Health }) => Health)).toEqual(['healthy']);
  });

  test('gives up after --wait-timeout, and when a container ends', async () => {
    const slow = await stack(checked('test -f /never'));
    const late = await slow.run('up', '--wait', '--wait-timeout', '1');
    expect(late.code).toBe(1);
    expect(late.stderr).toContain(`timed out waiting for ${slow.project}-web-1 to be running or healthy`);
    const short = await stack('services: {job: {image: busybox, command: sh -c "exit 3"}}');
    const ended = await short.run('up', '--wait');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`container ${short.project}-job-1 exited (3)`);
  });
});

describe('which containers are replaced', () => {
  test('are the changed ones, all with --force-recreate, none with --no-recreate', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    const first = await ids(todo);
    await todo.ok('up', '-d', '--force-recreate', 'web');
    const second = await ids(todo);
    expect(second['db-1']).toBe(first['db-1']);
    expect(second['web-1']).not.toBe(first['web-1']);
    await todo.ok('up', '-d', '--force-recreate', '--always-recreate-deps', 'web');
    const third = await ids(todo);
    expect(third['db-1']).not.toBe(second['db-1']);
    await edit(todo, 'command: sleep 1000', 'command: sleep 2000');
    await todo.ok('up', '-d', '--no-recreate');
    expect(await ids(todo)).toEqual(third);
    await todo.ok('up', '-d');
    const last = await ids(todo);
    expect(last['db-1']).toBe(third['db-1']);
    expect(last['web-1']).not.toBe(third['web-1']);
  });

  test('keep their anonymous volumes, unless -V renews them', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d', 'db');
    await todo.ok('exec', '-T', 'db', 'touch', '/scratch/kept');
    await todo.ok('up', '-d', '--force-recreate', 'db');
    expect(await todo.ok('exec', '-T', 'db', 'ls', '/scratch')).toBe('kept\n');
    await todo.ok('up', '-d', '--force-recreate', '-V', 'db');
    expect(await todo.ok('exec', '-T', 'db', 'ls', '/scratch')).toBe('');
  });

  test('get as long to stop as -t says', async () => {
    const todo = await stack(
      pair.replaceAll('stop_signal: SIGKILL', 'stop_signal: SIGUSR1\n    stop_grace_period: 10m'),
    );
    await todo.ok('up', '-d', 'db');
    await todo.ok('up', '-d', '--force-recreate', '-t', '0', 'db');
    expect(await states(todo)).toEqual({ 'db-1': 'running' });
  });
});

describe('which services', () => {
  test('are the named ones with what they need, or without under --no-deps', async () => {
    const todo = await stack(`${pair}  other: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}\n`);
    await todo.ok('up', '-d', '--no-deps', 'web');
    expect(await states(todo)).toEqual({ 'web-1': 'running' });
    await todo.ok('up', '-d', 'web');
    expect(await states(todo)).toEqual({ 'web-1': 'running', 'db-1': 'running' });
  });

  test('are made and not started by create and up --no-start, and started by start', async () => {
    const todo = await stack(pair);
    await todo.ok('create', 'db');
    await todo.ok('up', '--no-start');
    expect(await states(todo)).toEqual({ 'web-1': 'created', 'db-1': 'created' });
    await todo.ok('start');
    expect(await states(todo)).toEqual({ 'web-1': 'running', 'db-1': 'running' });
  });

  test('have as many containers as --scale and scale say', async () => {
    const todo = await stack(pair.replaceAll('stop_signal', 'scale: 1\n    stop_signal'));
    await todo.ok('up', '-d', '--scale', 'web=3');
    expect(Object.keys(await states(todo)).toSorted()).toEqual(['db-1', 'web-1', 'web-2', 'web-3']);
    await todo.ok('scale', 'web=1', 'db=2');
    expect(Object.keys(await states(todo)).toSorted()).toEqual(['db-1', 'db-2', 'web-1']);
    await todo.ok('up', '-d');
    expect(Object.keys(await states(todo)).toSorted()).toEqual(['db-1', 'web-1']);
  });
});

describe('containers of services that the file no longer has', () => {
  test('are warned of once, removed with --remove-orphans, and ignored where the environment says so', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    await todo.write('compose.yaml', pair.slice(0, pair.indexOf('  db:')).replace('depends_on: [db]', ''));
    const warned = await todo.run('up', '-d');
    expect(warned.stderr.match(/Found orphan containers/g)).toHaveLength(1);
    expect(warned.stderr).toContain(`[${todo.project}-db-1]`);
    const ignored = await invoke(todo, ['up', '-d'], { environment: { COMPOSE_IGNORE_ORPHANS: '1' } });
    expect(ignored.stderr).not.toContain('orphan');
    await todo.ok('up', '-d', '--remove-orphans');
    expect(await states(todo)).toEqual({ 'web-1': 'running' });
    const both = await invoke(todo, ['up', '-d', '--remove-orphans'], {
      environment: { COMPOSE_IGNORE_ORPHANS: '1' },
    });
    expect(both).toEqual({
      code: 1,
      stdout: '',
      stderr: 'tscompose: cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans\n',
    });
  });
});

test('two commands for one project take turns, and the second says for whom it waits', async () => {
  const todo = await stack(`
services:
  slow:
    image: busybox
    command: sh -c 'while [ ! -f /go/on ]; do sleep 0.05; done; touch /healthy; exec sleep 1000'
    stop_signal: SIGKILL
    volumes: [./go:/go]
    healthcheck: {test: test -f /healthy, interval: 50ms, retries: 100000}
  late: {image: busybox, command: sleep 1000, stop_signal: SIGKILL, depends_on: {slow: {condition: service_healthy}}}
`);
  const first = live(todo, ['up', '-d']);
  await first.says('slow-1  Waiting', 'stderr');
  const second = live(todo, ['stop']);
  await second.says(`"up" of project ${todo.project} is still at work`, 'stderr');
  await todo.write('go/on', '');
  expect((await first.ended).code).toBe(0);
  expect((await second.ended).code).toBe(0);
  await until(async () => expect(await states(todo)).toEqual({ 'slow-1': 'exited', 'late-1': 'exited' }));
});

test('an image that cannot be had stops everything before anything is made', async () => {
  const todo = await stack(`
services:
  here: {image: busybox, command: sleep 1000}
  gone: {image: "127.0.0.1:9/no/such:1"}
`);
  const { code, stderr } = await todo.run('up', '-d');
  expect(code).toBe(1);
  expect(stderr).not.toContain('Creating');
  expect(stderr).toContain('127.0.0.1:9');
  expect(await todo.containers()).toEqual([]);
});

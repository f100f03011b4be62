/** Commands on containers that are there: they need their labels, not the file. */
import { describe, expect, test } from 'vitest';
import { invoke, live, onTerminal, states, until } from './commands.ts';
import { type Stack, stack } from './stack.ts';

const pair = `
services:
  web:
    image: busybox
    command: sh -c 'echo "web $$(cat /state 2>/dev/null)"; echo kept >/state; exec sleep 1000'
    stop_signal: SIGKILL
    depends_on: [db]
  db:
    image: busybox
    command: sleep 1000
    stop_signal: SIGKILL
    volumes: [/scratch]
`;

/** What was done, in order, without the project's name. */
function done({ project }: Stack, stderr: string): string[] {
  return stderr
    .replaceAll(`${project}-`, '')
    .split('\n')
    .filter((line) => /ed$/.test(line))
    .map((line) => line.trim().replace(/ +/g, ' '));
}

describe('stop, start and restart', () => {
  test('keep to the order of dependencies, and to what the containers have written', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    expect(done(todo, (await todo.run('stop')).stderr)).toEqual([
      'Container web-1 Stopped',
      'Container db-1 Stopped',
    ]);
    expect(await states(todo)).toEqual({ 'web-1': 'exited', 'db-1': 'exited' });
    expect(done(todo, (await todo.run('start')).stderr)).toEqual([
      'Container db-1 Started',
      'Container web-1 Started',
    ]);
    await until(async () => expect(await todo.ok('logs', 'web')).toBe('web-1  | web \nweb-1  | web kept\n'));
    expect(done(todo, (await todo.run('restart')).stderr).toSorted()).toEqual([
      'Container db-1 Started',
      'Container web-1 Started',
    ]);
    await todo.ok('restart', '--no-deps', 'web');
    expect(await states(todo)).toEqual({ 'web-1': 'running', 'db-1': 'running' });
  });

  test('work from the project’s name alone', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    const elsewhere = { ...todo, directory: '/' };
    for (const words of [['stop'], ['start'], ['restart'], ['pause'], ['unpause'], ['kill'], ['rm', '-f']])
      expect(await invoke(elsewhere, words)).toMatchObject({ code: 0 });
    expect(await states(todo)).toEqual({});
  });

  test('wait as long as -t says, and start --wait for health', async () => {
    const todo = await stack(`
services:
  stubborn:
    image: busybox
    command: sh -c 'trap "" TERM; touch /ready; while true; do sleep 1; done'
    stop_grace_period: 10m
    healthcheck: {test: test -f /ready, interval: 100ms}
`);
    await todo.ok('up', '-d');
    await todo.ok('stop', '-t', '0');
    await todo.ok('start', '--wait');
    expect((await todo.containers())[0]).toMatchObject({ State: 'running', Health: 'healthy' });
    await todo.ok('restart', '-t', '0');
    await todo.ok('kill');
  });

  test('start fails where there is no container', async () => {
    const todo = await stack(pair);
    const { code, stderr } = await todo.run('start');
    expect(code).toBe(1);
    expect(stderr).toContain(`project "${todo.project}" has no container to start`);
  });
});

describe('kill', () => {
  test('kills, or sends the signal that is named, to the services that are named', async () => {
    const todo = await stack(`
services:
  trap:
    image: busybox
    command: sh -c 'trap "echo got it; exit 9" USR1; echo ready; while true; do sleep 0.05; done'
  other: {image: busybox, command: sleep 1000}
`);
    await todo.ok('up', '-d');
    await until(async () => expect(await todo.ok('logs', 'trap')).toContain('ready'));
    await todo.ok('kill', '-s', 'USR1', 'trap');
    await until(async () => expect(await states(todo)).toEqual({ 'trap-1': 'exited', 'other-1': 'running' }));
    expect(await todo.ok('logs', 'trap')).toBe('trap-1  | ready\ntrap-1  | got it\n');
    await todo.ok('kill');
    await until(async () => expect((await states(todo))['other-1']).toBe('exited'));
    expect((await todo.containers()).find(({ Service }) => Service === 'other')?.ExitCode).toBe(137);
    expect((await todo.run('kill')).code).toBe(1);
  });

  test('refuses a signal that is none', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d', 'db');
    const { code, stderr } = await todo.run('kill', '-s', 'NONSENSE');
    expect(code).toBe(1);
    expect(stderr).toContain('NONSENSE');
    expect(await states(todo)).toEqual({ 'db-1': 'running' });
  });
});

describe('pause and unpause', () => {
  test('freeze and go on, and say so when there is nothing to do', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    await todo.ok('pause');
    expect(await states(todo)).toEqual({ 'web-1': 'paused', 'db-1': 'paused' });
    expect((await todo.run('pause', 'web')).code).toBe(1);
    await todo.ok('unpause', 'web');
    expect(await states(todo)).toEqual({ 'web-1': 'running', 'db-1': 'paused' });
    await todo.ok('up', '-d');
    expect(await states(todo)).toEqual({ 'web-1': 'running', 'db-1': 'running' });
  });
});

describe('rm', () => {
  test('removes what has stopped, or stops it first with -s, and anonymous volumes with -v', async () => {
    const todo = await stack(pair);
    await todo.ok('up', '-d');
    const volumes = async (): Promise<number> => (await todo.ok('volume', 'ls', '-q')).split('\n').length;
    const before = await volumes();
    expect(await todo.run('rm', '-f')).toMatchObject({ code: 0, stderr: 'No stopped containers\n' });
    await todo.ok('stop', 'web');
    await todo.ok('rm', '-f');
    expect(await states(todo)).toEqual({ 'db-1': 'running' });
    await todo.ok('rm', '-f', '-s', '-v', 'db');
    expect(await states(todo)).toEqual({});
    expect(await volumes()).toBe(before - 1);
  });

  test('asks first, and cannot without a terminal', async () => {
    const todo = await stack(pair);
    await todo.ok('create', 'db');
    const name = `${todo.project}-db-1`;
    expect(await todo.run('rm')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`cannot ask whether to remove ${name}`),
    });
    const question = `? Going to remove ${name} [yN] `;
    const no = onTerminal(todo, ['rm']);
    await until(() => expect(no.text()).toContain(question));
    no.type('n\n');
    expect((await no.ended).code).toBe(0);
    expect(await states(todo)).toEqual({ 'db-1': 'created' });
    const yes = onTerminal(todo, ['rm']);
    await until(() => expect(yes.text()).toContain(question));
    yes.type('y\n');
    expect((await yes.ended).code).toBe(0);
    expect(await states(todo)).toEqual({});
  });
});

describe('wait', () => {
  test('blocks until the containers have ended, if they have not already, and takes the last code', async () => {
    const todo = await stack(`
services:
  one:
    image: busybox
    command: sh -c 'while [ ! -f /go/on ]; do sleep 0.05; done; exit 6'
    volumes: [./go:/go]
`);
    await todo.ok('create');
    expect(await todo.run('wait', 'one')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no containers for project "${todo.project}"`),
    });
    await todo.ok('start');
    const id = (await todo.ok('ps', '-q')).trim();
    const waiting = live(todo, ['wait', 'one']);
    await todo.write('go/on', '');
    const ended = { code: 6, stdout: `container "${id}" exited with status code 6\n`, stderr: '' };
    expect(await waiting.ended).toEqual(ended);
    expect(await todo.run('wait', 'one')).toEqual(ended);
  });

  test('tells of an end after which the container can be started or removed at once', async () => {
    const todo = await stack(`
services:
  job: {image: busybox, command: echo done}
`);
    for (let round = 0; round < 5; round += 1) {
      await todo.ok('up', '-d');
      expect((await todo.run('wait', 'job')).code).toBe(0);
    }
    expect(await todo.ok('logs', '--no-log-prefix', 'job')).toBe('done\n'.repeat(5));
    await todo.ok('up', '-d');
    await todo.run('wait', 'job');
    await todo.ok('rm', '-f');
    expect(await states(todo)).toEqual({});
  });

  test('takes the project down afterwards with --down-project', async () => {
    const todo = await stack(`
services:
  job: {image: busybox, command: sh -c 'sleep 0.5; exit 3'}
  db: {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
`);
    await todo.ok('up', '-d');
    expect((await todo.run('wait', '--down-project', 'job')).code).toBe(3);
    expect(await states(todo)).toEqual({});
  });
});

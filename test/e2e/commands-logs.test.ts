/** `logs`: of the past, as it comes, across restarts, and to the last line. */
import { describe, expect, test } from 'vitest';
import { edit, live, until } from './commands.ts';
import { stack } from './stack.ts';

const talkers = `
services:
  web:
    image: busybox
    command: sh -c 'echo one; echo two >&2; echo three; exec sleep 1000'
    stop_signal: SIGKILL
    scale: 2
  database:
    image: busybox
    command: sh -c 'echo starting; echo ready; exec sleep 1000'
    stop_signal: SIGKILL
`;

/** Lines in an order that does not depend on which container was faster. */
const sorted = (text: string): string[] => text.split('\n').filter(Boolean).toSorted();

describe('the past', () => {
  test('stands behind padded names, each stream on its own, and can be cut, dated and left bare', async () => {
    const todo = await stack(talkers);
    await todo.ok('up', '-d');
    await until(async () => {
      const { stdout, stderr } = await todo.run('logs');
      expect({ stdout: sorted(stdout), stderr: sorted(stderr) }).toEqual({
        stdout: [
          'database-1  | ready',
          'database-1  | starting',
          'web-1       | one',
          'web-1       | three',
          'web-2       | one',
          'web-2       | three',
        ],
        stderr: ['web-1       | two', 'web-2       | two'],
      });
    });
    expect(await todo.ok('logs', '-n', '1', 'database')).toBe('database-1  | ready\n');
    expect(await todo.ok('logs', '--tail', '0')).toBe('');
    expect(await todo.ok('logs', '--no-log-prefix', '--index', '2', 'web')).toBe('one\nthree\n');
    expect(await todo.ok('logs', '-t', 'database')).toMatch(
      /^(database-1 {2}\| \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z (starting|ready)\n){2}$/,
    );
    expect(await todo.ok('logs', '--since', '1h', 'database')).toContain('database-1  | ready\n');
    expect(await todo.ok('logs', '--until', '1h', 'database')).toBe('');
    expect(await todo.ok('logs', '--since', '2100-01-01T00:00:00Z')).toBe('');
  });

  test('of several containers is in the order of time', async () => {
    const todo = await stack(`
services:
  first: {image: busybox, command: sh -c 'echo a'}
  second:
    image: busybox
    command: sh -c 'echo b'
    depends_on: {first: {condition: service_completed_successfully}}
  third:
    image: busybox
    command: sh -c 'echo c'
    depends_on: {second: {condition: service_completed_successfully}}
`);
    await todo.ok('up');
    expect(await todo.ok('logs')).toBe('first-1   | a\nsecond-1  | b\nthird-1   | c\n');
  });

  test('is there as long as the container, whatever became of it', async () => {
    const todo = await stack(talkers);
    await todo.ok('up', '-d', 'database');
    await todo.ok('restart', 'database');
    await todo.ok('stop');
    expect(await todo.ok('logs', 'database')).toBe('database-1  | starting\ndatabase-1  | ready\n'.repeat(2));
    await todo.ok('rm', '-f');
    expect(await todo.ok('logs', 'database')).toBe('');
  });

  test('of a container that wrote much comes whole, and so does the end of it', async () => {
    const todo = await stack('services: {many: {image: busybox, command: seq 1 200000}}');
    await todo.ok('up', '-d');
    await until(async () => expect((await todo.containers())[0]?.State).toBe('exited'));
    const all = await todo.ok('logs', '--no-log-prefix');
    expect(all).toBe(Array.from({ length: 200_000 }, (_, at) => `${at + 1}\n`).join(''));
    expect(await todo.ok('logs', '--no-log-prefix', '-n', '2')).toBe('199999\n200000\n');
  });
});

describe('logs -f', () => {
  test('ends with the last container, after its last line', async () => {
    const todo = await stack(`
services:
  many:
    image: busybox
    command: sh -c 'while [ ! -f /go/on ]; do sleep 0.05; done; seq 1 100000; printf unfinished'
    volumes: [./go:/go]
`);
    await todo.ok('up', '-d');
    const following = live(todo, ['logs', '-f', '--no-log-prefix']);
    await todo.write('go/on', '');
    const { code, stdout } = await following.ended;
    expect(code).toBe(0);
    expect(stdout).toBe(`${Array.from({ length: 100_000 }, (_, at) => `${at + 1}\n`).join('')}unfinished\n`);
  });

  test('goes on through a restart, with containers that join, and with those that are replaced', async () => {
    const todo = await stack(talkers);
    await todo.ok('up', '-d', 'database');
    const following = live(todo, ['logs', '-f']);
    await following.says('database-1  | ready\n');
    await todo.ok('restart', 'database');
    await following.says(/(database-1 {2}\| ready\n.*){2}/s);
    await todo.ok('up', '-d', '--scale', 'web=1');
    await following.says(/^web-1 +\| three$/m);
    await edit(todo, 'echo ready', 'echo replaced');
    await todo.ok('up', '-d', 'database');
    await following.says('database-1  | replaced\n');
    await todo.ok('down');
    expect((await following.ended).code).toBe(0);
    expect(following.stdout().match(/ready/g)).toHaveLength(2);
  });

  test('begins with the last lines when -n is given, and ends with 130 at Ctrl-C', async () => {
    const todo = await stack(talkers);
    await todo.ok('up', '-d', 'database');
    await until(async () => expect(await todo.ok('logs')).toContain('ready'));
    const following = live(todo, ['logs', '-f', '-n', '1', 'database']);
    await following.says('database-1  | ready\n');
    following.signal('SIGINT');
    expect(await following.ended).toEqual({ code: 130, stdout: 'database-1  | ready\n', stderr: '' });
  });
});

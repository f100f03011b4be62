import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eventually } from '../patience.ts';
import { stack } from './stack.ts';

const run = promisify(execFile);

const web = `
services:
  web:
    image: busybox
    command: httpd -f -p 80 -h /www
    stop_signal: SIGKILL
    ports: ["80"]
    volumes: ["./www:/www:ro"]
    depends_on: {db: {condition: service_healthy}}
  db:
    image: busybox
    command: sh -c 'echo started >> /data/log; exec sleep 1000'
    stop_signal: SIGKILL
    healthcheck: {test: [CMD, test, -f, /data/log], interval: 100ms, retries: 50}
    volumes: ["data:/data"]
volumes:
  data:
`;

test('a stack comes up in order, works, keeps its volume through down, and loses it with --volumes', async () => {
  const todo = await stack(web, { 'www/index.html': 'hello\n' });
  await todo.ok('up', '--detach');
  expect((await todo.containers()).map(({ Service, State, Health }) => ({ Service, State, Health }))).toEqual(
    [
      { Service: 'db', State: 'running', Health: 'healthy' },
      { Service: 'web', State: 'running', Health: '' },
    ],
  );

  const address = (await todo.ok('port', 'web', '80')).trim().replace('0.0.0.0', '127.0.0.1');
  expect(await (await fetch(`http://${address}/`)).text()).toBe('hello\n');
  expect(await todo.ok('exec', '-T', 'web', 'wget', '-qO-', 'http://web/')).toBe('hello\n');

  await todo.ok('down');
  await todo.ok('up', '--detach');
  expect(await todo.ok('exec', '-T', 'db', 'cat', '/data/log')).toBe('started\nstarted\n');
  await todo.ok('down', '--volumes');
  await todo.ok('up', '--detach');
  expect(await todo.ok('exec', '-T', 'db', 'cat', '/data/log')).toBe('started\n');
});

test('names are answered at 127.0.0.11 as Docker answers them', async () => {
  const todo = await stack(web, { 'www/index.html': '' });
  await todo.ok('up', '--detach');
  const [db] = await todo.containers();
  const pid = await pidOf(db!.ID);
  const { stdout } = await run('nsenter', ['-t', pid, '-n', 'dig', '@127.0.0.11', 'web']);
  expect(stdout).toContain('SERVER: 127.0.0.11#53');
  expect(stdout).toContain('status: NOERROR');
  expect(stdout).toMatch(/flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: [01]/);
  expect(stdout).toMatch(/^web\.\s+600\s+IN\s+A\s+10\./m);
});

test('a second up changes nothing, and a changed service is the only one replaced', async () => {
  const todo = await stack(web, { 'www/index.html': '' });
  await todo.ok('up', '--detach');
  const before = new Map((await todo.containers()).map(({ Service, ID }) => [Service, ID]));
  await todo.ok('up', '--detach');
  expect(new Map((await todo.containers()).map(({ Service, ID }) => [Service, ID]))).toEqual(before);

  await todo.write('compose.yaml', web.replace('httpd -f', 'httpd -v -f'));
  expect(await todo.ok('plan')).toContain('command changed');
  await todo.ok('up', '--detach');
  await eventually(async () => {
    const after = new Map((await todo.containers()).map(({ Service, ID }) => [Service, ID]));
    expect(after.get('db')).toBe(before.get('db'));
    expect(after.get('web')).not.toBe(before.get('web'));
  });
});

/** The main process on the host, found by the id in its cgroup. */
async function pidOf(id: string): Promise<string> {
  const { stdout } = await run('sh', [
    '-c',
    `cat /sys/fs/cgroup/memory/tscompose-*/${id}*/cgroup.procs /sys/fs/cgroup/tscompose-*/${id}*/cgroup.procs 2>/dev/null | head -1`,
  ]);
  return stdout.trim();
}

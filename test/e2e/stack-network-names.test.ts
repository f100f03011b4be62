import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { address, dig, entry, status, view } from './inside.ts';
import { sharedStack, stack } from './stack.ts';

const run = promisify(execFile);

const idle = 'x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}';
const compose = `
${idle}
services:
  web: {<<: *idle, links: ["db:database"], networks: {front: {aliases: [site, WWW.example]}, back: {}}}
  db: {<<: *idle, container_name: "\${COMPOSE_PROJECT_NAME}_the_db", networks: {back: {aliases: [primary]}}}
  other: {<<: *idle, networks: [front]}
  many: {<<: *idle, networks: [front], scale: 3}
networks: {front: {}, back: {}}
`;

const shared = sharedStack(compose, {}, (made) => made.ok('up', '--detach'));

test('a container answers to its service, its own name, its short id and its aliases, in any case of letters', async () => {
  const todo = shared();
  const { id, name: itsName } = await view(todo, 'db');
  expect(itsName).toBe(`${todo.project}_the_db`);
  const itself = [await address(todo, 'db')];
  const names = ['db', 'DB', itsName, id.slice(0, 12), 'primary'];
  for (const name of [...names, `db.${todo.project}_back`])
    expect([name, await dig(todo, 'web', name)]).toEqual([name, itself]);
  for (const name of ['web', 'site', 'www.EXAMPLE', `${todo.project}-web-1`])
    expect([name, await dig(todo, 'other', name)]).toEqual([name, [await address(todo, 'web', 'eth1')]]);
});

test('a link is a name for who links, and a name is known on common networks only', async () => {
  const todo = shared();
  expect(await dig(todo, 'web', 'database')).toEqual([await address(todo, 'db')]);
  expect(await dig(todo, 'db', 'web')).toEqual([await address(todo, 'web', 'eth0')]);
  for (const name of ['db', 'primary', `db.${todo.project}_back`])
    expect(await dig(todo, 'other', name)).toEqual([]);
});

test('an address leads back to its container and network', async () => {
  const todo = shared();
  expect(await dig(todo, 'web', '-x', await address(todo, 'db'))).toEqual([
    `${todo.project}_the_db.${todo.project}_back.`,
  ]);
  expect(await dig(todo, 'other', '-x', await address(todo, 'web', 'eth1'))).toEqual([
    `${todo.project}-web-1.${todo.project}_front.`,
  ]);
});

test('a name that has no record of a kind is no error, so that nobody gives it up', async () => {
  for (const type of ['AAAA', 'MX', 'SRV', 'TXT', 'HTTPS']) {
    expect([type, await status(shared(), 'web', 'db', type)]).toEqual([type, 'NOERROR']);
    expect([type, await dig(shared(), 'web', 'db', type)]).toEqual([type, []]);
  }
});

test('both kinds of address may be asked for at once from one socket, as musl does', async () => {
  const todo = shared();
  const script = `
    const packets = require('dns-packet');
    const socket = require('node:dgram').createSocket('udp4');
    const answers = {};
    socket.on('message', (message) => {
      const { id, rcode, answers: records } = packets.decode(message);
      answers[id] = [rcode, ...records.map(({ data }) => data)];
      if (Object.keys(answers).length === 2) console.log(JSON.stringify(answers)), process.exit();
    });
    for (const [id, type] of [[1, 'A'], [2, 'AAAA']]) {
      const question = packets.encode({ id, flags: 256, questions: [{ type, name: 'db' }] });
      socket.send(question, 53, '127.0.0.11');
    }`;
  const [program = '', ...words] = [...(await entry(todo, 'web')), process.execPath, '-e', script];
  const { stdout } = await run(program, words, { timeout: 20_000 });
  expect(JSON.parse(stdout)).toEqual({ 1: ['NOERROR', await address(todo, 'db')], 2: ['NOERROR'] });
  expect(await todo.ok('exec', '-T', 'web', 'ping', '-c1', '-W5', 'db')).toContain('1 packets received');
});

test('replicas take turns at being first, and come and go with --scale', async () => {
  const todo = shared();
  const firsts = new Set<string>();
  for (let turn = 0; turn < 6; turn += 1) {
    const addresses = await dig(todo, 'other', 'many');
    expect(addresses.toSorted()).toEqual(await addressesOf([1, 2, 3]));
    firsts.add(addresses[0]!);
  }
  expect(firsts.size).toBe(3);
  expect(await dig(todo, 'other', `${todo.project}-many-2`)).toEqual(await addressesOf([2]));

  await todo.ok('up', '--detach', '--no-recreate', '--scale', 'many=4', 'many');
  expect((await dig(todo, 'other', 'many')).toSorted()).toEqual(await addressesOf([1, 2, 3, 4]));
  await todo.ok('up', '--detach', '--no-recreate', '--scale', 'many=1', 'many');
  expect(await dig(todo, 'other', 'many')).toEqual(await addressesOf([1]));

  async function addressesOf(numbers: readonly number[]): Promise<string[]> {
    const looks = numbers.map((number) => address(todo, 'many', 'eth0', number));
    return (await Promise.all(looks)).toSorted();
  }
});

test('a stopped container has no name; started again or replaced it is found where it then is', async () => {
  const todo = await stack(`
${idle}
services:
  asker: *idle
  asked: *idle
`);
  await todo.ok('up', '--detach');
  const first = await address(todo, 'asked');
  expect(await dig(todo, 'asker', 'asked')).toEqual([first]);

  await todo.ok('stop', 'asked');
  expect(await dig(todo, 'asker', 'asked')).toEqual([]);
  await todo.ok('start', 'asked');
  expect(await dig(todo, 'asker', 'asked')).toEqual([await address(todo, 'asked')]);

  await todo.ok('up', '--detach', '--force-recreate', 'asked');
  const second = await address(todo, 'asked');
  expect(await dig(todo, 'asker', 'asked')).toEqual([second]);
  expect(await todo.ok('exec', '-T', 'asker', 'ping', '-c1', '-W5', 'asked')).toContain(`(${second})`);

  await todo.ok('kill', 'asked');
  await vi.waitFor(async () => expect(await dig(todo, 'asker', 'asked')).toEqual([]), 60_000);
});

test('stacks do not see each other: neither names nor addresses', async () => {
  const todo = await stack(`
${idle}
services:
  stranger: *idle
  friend: *idle
`);
  await todo.ok('up', '--detach');
  const stranger = await address(todo, 'stranger');
  for (const name of ['stranger', `${todo.project}-stranger-1`, `stranger.${todo.project}_default`])
    expect(await dig(shared(), 'web', name)).toEqual([]);
  const ping = ['exec', '-T', 'web', 'ping', '-c1', '-W1', stranger];
  expect((await shared().run(...ping)).code).toBe(1);
  expect(await todo.ok('exec', '-T', 'friend', 'ping', '-c1', '-W5', stranger)).toContain(
    '1 packets received',
  );
});

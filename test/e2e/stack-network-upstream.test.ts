import { expect, test } from 'vitest';
import { address, at, dig, inside, nameServer, status } from './inside.ts';
import { sharedStack } from './stack.ts';

const compose = `
x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}
services:
  first: {<<: *idle, networks: {lan: {ipv4_address: ${at(201, 11)}}}}
  second: {<<: *idle, networks: {lan: {ipv4_address: ${at(201, 12)}}}}
  asker: {<<: *idle, networks: [lan], dns: ["${at(201, 11)}", "${at(201, 12)}"]}
  single: {<<: *idle, networks: [lan], dns: "${at(201, 12)}"}
  cellar: {<<: *idle, networks: [inside]}
  hermit: {<<: *idle, networks: [inside], dns: "${at(202, 11)}"}
  keeper: {<<: *idle, networks: {inside: {ipv4_address: ${at(202, 11)}}}}
networks:
  lan: {ipam: {config: [{subnet: ${at(201, 0)}/24}]}}
  inside: {internal: true, ipam: {config: [{subnet: ${at(202, 0)}/24}]}}
`;
const shared = sharedStack(compose, {}, (made) => made.ok('up', '--detach'));

test('a name that no container has is asked of the service’s own servers, from its own network', async () => {
  const server = await nameServer(shared(), 'second', { 'debian.example': ['192.0.2.80'] });
  expect(await dig(shared(), 'single', 'debian.example')).toEqual(['192.0.2.80']);
  expect(await dig(shared(), 'single', '+tcp', 'debian.example')).toEqual(['192.0.2.80']);
  expect(await status(shared(), 'single', 'nobody.example')).toBe('NXDOMAIN');
  expect(await status(shared(), 'single', '-x', '192.0.2.80')).toBe('NXDOMAIN');
  // A container's name is nobody else's business.
  expect(await dig(shared(), 'single', 'asker')).toEqual([await address(shared(), 'asker')]);
  expect(await status(shared(), 'single', 'asker', 'AAAA')).toBe('NOERROR');
  expect(server.asked).toEqual([
    'udp debian.example A',
    'udp debian.example A',
    'udp nobody.example A',
    'udp 80.2.0.192.in-addr.arpa PTR',
  ]);
});

test('the second server is asked when the first is not there, is silent, fails or refuses', async () => {
  const second = await nameServer(shared(), 'second', { '*': ['192.0.2.2'] });
  expect(await dig(shared(), 'asker', 'absent.example')).toEqual(['192.0.2.2']);
  const first = await nameServer(shared(), 'first', {
    'silent.example': 'silence',
    'failing.example': 'SERVFAIL',
    'refusing.example': 'REFUSED',
    'known.example': ['192.0.2.1'],
  });
  for (const how of ['silent', 'failing', 'refusing'])
    expect([how, await dig(shared(), 'asker', `${how}.example`)]).toEqual([how, ['192.0.2.2']]);
  expect(await dig(shared(), 'asker', 'known.example')).toEqual(['192.0.2.1']);
  // Who says that a name does not exist has answered.
  expect(await status(shared(), 'asker', 'none.example')).toBe('NXDOMAIN');
  expect([first.asked.length, second.asked.length]).toEqual([5, 4]);

  await Promise.all([first.stop(), second.stop()]);
  expect(await status(shared(), 'asker', 'known.example')).toBe('SERVFAIL');
});

test('an answer too long for a datagram is marked, and is whole over TCP', async () => {
  const server = await nameServer(shared(), 'second', { 'many.example': 'cut' });
  const marked = await inside(shared(), 'single', ...'dig @127.0.0.11 +ignore many.example'.split(' '));
  expect(marked).toMatch(/flags: qr tc rd ra; QUERY: 1, ANSWER: 0/);
  expect(await dig(shared(), 'single', 'many.example')).toHaveLength(60);
  expect(server.asked.at(-1)).toBe('tcp many.example A');
});

test('what is on internal networks only has its neighbours’ names, no way out and nobody’s names', async () => {
  const todo = shared();
  expect(await dig(todo, 'cellar', 'hermit')).toEqual([await address(todo, 'hermit')]);
  expect(await todo.ok('exec', '-T', 'cellar', 'ping', '-c1', '-W5', 'hermit')).toContain(
    '1 packets received',
  );
  expect(await status(todo, 'cellar', 'debian.example')).toBe('NXDOMAIN');
  expect(await inside(todo, 'cellar', 'ip', 'route')).toBe(
    `${at(202, 0)}/24 dev eth0 proto kernel scope link src ${await address(todo, 'cellar')} \n`,
  );
  const other = await address(todo, 'asker');
  expect((await todo.run('exec', '-T', 'cellar', 'ping', '-c1', '-W1', other)).code).toBe(1);
  // Even told of a way out, it is not let through.
  await inside(todo, 'cellar', 'ip', 'route', 'add', 'default', 'via', at(202, 1));
  expect((await todo.run('exec', '-T', 'cellar', 'ping', '-c1', '-W1', other)).code).toBe(1);
  // Servers of its own network it may name.
  await nameServer(todo, 'keeper', { 'debian.example': ['192.0.2.7'] });
  expect(await dig(todo, 'hermit', 'debian.example')).toEqual(['192.0.2.7']);
});

test('a container may serve names itself on port 53 of every address, and still ask for those of others', async () => {
  const todo = shared();
  await nameServer(todo, 'first', { asker: ['192.0.2.66'], 'own.example': ['192.0.2.9'] });
  expect(await dig(todo, 'first', 'asker')).toEqual([await address(todo, 'asker')]);
  const direct = `dig @${at(201, 11)} +short own.example`.split(' ');
  for (const service of ['first', 'single'])
    expect(await inside(todo, service, ...direct)).toBe('192.0.2.9\n');
});

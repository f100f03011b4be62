import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { expect, test, vi } from 'vitest';
import { address, at, dig, inside, view } from './inside.ts';
import { sharedStack, stack } from './stack.ts';

const idle = 'x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}';

const shared = sharedStack(
  `
${idle}
services:
  owner: {<<: *idle, hostname: landlord, command: httpd -f -p 8080 -h /etc}
  lodger: {<<: *idle, network_mode: "service:owner"}
  guest: {<<: *idle, network_mode: "container:\${COMPOSE_PROJECT_NAME}-owner-1", depends_on: [owner]}
  alone: {<<: *idle, network_mode: none}
  open: {<<: *idle, network_mode: host}
  plain: {<<: *idle, network_mode: bridge}
  other: *idle
`,
  {},
  (made) => made.ok('up', '--detach'),
);
const exec = (service: string, ...words: string[]) => shared().ok('exec', '-T', service, ...words);

test('who joins a service’s network, or a container’s, has its interfaces, its loopback, its names and its files', async () => {
  const interfaces = await exec('owner', 'ip', '-o', 'address');
  for (const service of ['lodger', 'guest']) {
    expect(await exec(service, 'ip', '-o', 'address')).toBe(interfaces);
    expect(await exec(service, 'wget', '-qO-', 'http://127.0.0.1:8080/hostname')).toBe('landlord\n');
    for (const file of ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname'])
      expect([file, await exec(service, 'cat', file)]).toEqual([file, await exec('owner', 'cat', file)]);
    expect(await exec(service, 'hostname')).toBe('landlord\n');
    expect(await exec(service, 'ping', '-c1', '-W5', 'other')).toContain('1 packets received');
  }
  expect(await dig(shared(), 'other', 'owner')).toEqual([await address(shared(), 'owner')]);
  expect(await dig(shared(), 'other', 'lodger')).toEqual([]);
});

test('who has no network has loopback', async () => {
  const links = JSON.parse(await inside(shared(), 'alone', 'ip', '-j', 'address'));
  expect(links.map(({ ifname, operstate }: Link) => [ifname, operstate])).toEqual([['lo', 'UNKNOWN']]);
  expect(await exec('alone', 'ping', '-c1', '127.0.0.1')).toContain('1 packets received');
  expect((await view(shared(), 'alone')).networks).toEqual([]);
});

test('who is on the host’s network is there, with its name and its files', async () => {
  const { pid } = await view(shared(), 'open');
  expect(await readlink(`/proc/${pid}/ns/net`)).toBe(await readlink('/proc/self/ns/net'));
  expect(await exec('open', 'hostname')).toBe(`${hostname()}\n`);
  expect(await exec('open', 'cat', '/etc/resolv.conf')).toBe(await readFile('/etc/resolv.conf', 'utf8'));
  expect(await exec('open', 'cat', '/etc/hosts')).toBe(await readFile('/etc/hosts', 'utf8'));
});

test('who is on the default bridge is reached by address and has no name', async () => {
  const at = await address(shared(), 'plain');
  expect(await dig(shared(), 'other', 'plain')).toEqual([]);
  expect(await dig(shared(), 'plain', 'other')).toEqual([]);
  expect(await exec('plain', 'ip', 'route')).toContain('default via');
  expect((await view(shared(), 'plain')).networks).toMatchObject([{ name: 'bridge', ipv4: at }]);
});

test('who joined a replaced container’s network is replaced with it', async () => {
  const todo = await stack(`
${idle}
services:
  owner: *idle
  lodger: {<<: *idle, network_mode: "service:owner"}
`);
  await todo.ok('up', '--detach');
  await todo.ok('up', '--detach', '--force-recreate', 'owner');
  await todo.ok('up', '--detach');
  const own = await todo.ok('exec', '-T', 'owner', 'ip', '-o', 'address');
  expect(await todo.ok('exec', '-T', 'lodger', 'ip', '-o', 'address')).toBe(own);
});

test('ports of who is on the host’s network, on none or on internal ones are left to the host, and said to be', async () => {
  const port = 20_000 + (process.pid % 12_000);
  const todo = await stack(`
${idle}
services:
  open: {<<: *idle, network_mode: host, command: "httpd -f -p ${port} -h /etc", ports: ["${port}:${port}"]}
  alone: {<<: *idle, network_mode: none, ports: ["${port + 1}:80"]}
  cellar: {<<: *idle, networks: [inside], ports: ["${port + 2}:80"]}
networks: {inside: {internal: true}}
`);
  const { code, stderr } = await todo.run('up', '--detach');
  expect(code).toBe(0);
  for (const [service, why] of [
    ['open', ' with network_mode: host'],
    ['alone', ' with network_mode: none'],
    ['cellar', ', for all its networks are internal'],
  ] as const) {
    expect(stderr.replaceAll('\\', '')).toContain(
      `service "${service}": published ports are discarded${why}`,
    );
    expect([service, (await view(todo, service)).ports]).toEqual([service, []]);
  }
  await vi.waitFor(async () => {
    const page = await fetch(`http://127.0.0.1:${port}/hostname`);
    expect(await page.text()).toBe(`${hostname()}\n`);
  }, 60_000);
});

test('who joins another’s network may not ask for settings that belong to the other', async () => {
  const todo = await stack(`
${idle}
services:
  owner: *idle
  lodger: {<<: *idle, network_mode: "service:owner", ports: ["80"], extra_hosts: ["a=192.0.2.1"]}
`);
  const { code, stderr } = await todo.run('up', '--detach');
  expect(code).toBe(1);
  for (const key of ['ports', 'extra_hosts'])
    expect(stderr).toContain(
      `services.lodger.${key}: the network is that of service:owner, and this belongs to it`,
    );
  expect(await todo.containers()).toEqual([]);
});

test('hosts and resolv.conf are as Docker writes them', async () => {
  const todo = await stack(`
${idle}
services:
  web:
    <<: *idle
    hostname: web
    domainname: shop.example
    extra_hosts: ["gate=host-gateway", "far=192.0.2.9", "far6=[2001:db8::1]"]
    dns_search: [shop.example, example]
    dns_opt: [timeout:1, use-vc]
    networks: {a: {ipv4_address: ${at(203, 5)}}, b: {ipv4_address: ${at(204, 5)}}}
  dotted: {<<: *idle, hostname: mail.shop.example, dns_search: ., dns_opt: ["ndots:2"], networks: {b: {ipv4_address: ${at(204, 6)}}}}
networks:
  a: {ipam: {config: [{subnet: ${at(203, 0)}/24}]}}
  b: {ipam: {config: [{subnet: ${at(204, 0)}/24}]}}
`);
  await todo.ok('up', '--detach');
  const loopback = [
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::\tip6-localnet',
    'ff00::\tip6-mcastprefix',
    'ff02::1\tip6-allnodes',
    'ff02::2\tip6-allrouters',
  ];
  const lines = async (service: string, file: string): Promise<string[]> =>
    (await todo.ok('exec', '-T', service, 'cat', file)).split('\n').filter((line) => !/^(#|$)/.test(line));
  expect(await lines('web', '/etc/hosts')).toEqual([
    ...loopback,
    // In the order of the lines that the reference prints: `far6=` is before `far=`.
    '2001:db8::1\tfar6',
    '192.0.2.9\tfar',
    `${at(203, 1)}\tgate`,
    `${at(203, 5)}\tweb.shop.example web`,
    `${at(204, 5)}\tweb.shop.example web`,
  ]);
  expect(await lines('web', '/etc/resolv.conf')).toEqual([
    'nameserver 127.0.0.11',
    'search shop.example example',
    'options timeout:1 use-vc ndots:0',
  ]);
  expect(await lines('dotted', '/etc/hosts')).toEqual([...loopback, `${at(204, 6)}\tmail.shop.example mail`]);
  expect(await lines('dotted', '/etc/resolv.conf')).toEqual(['nameserver 127.0.0.11', 'options ndots:2']);
  expect(await todo.ok('exec', '-T', 'web', 'ping', '-c1', '-W5', 'gate')).toContain('1 packets received');
});

interface Link {
  readonly ifname: string;
  readonly operstate: string;
}

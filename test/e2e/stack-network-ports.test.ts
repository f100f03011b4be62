import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { inside, nameServer, view } from './inside.ts';
import { type Stack, stack } from './stack.ts';

const run = promisify(execFile);

/** A service whose page names the container. */
const anchors = `
x-web: &web
  image: busybox
  command: sh -c 'hostname > /tmp/index.html; exec httpd -f -p 80 -h /tmp'
  stop_signal: SIGKILL
x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}
`;

/** Below the kernel's own choice, and seldom those of another run. */
let next = 20_000 + ((process.pid * 64) % 12_000);
const ports = (count: number): number => {
  next += count;
  return next - count;
};

/** What the page at an address says; `undefined` when nobody answers. */
async function page(host: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://${host}/`, { signal: AbortSignal.timeout(10_000) });
    return (await answer.text()).trim();
  } catch {
    return undefined;
  }
}

/** Not its own time limit: with that, Debian's busybox ends in a crash. */
const wget = ['timeout', '5', 'wget', '-qO-'];

/** The same, asked from within a container. */
async function pageFrom(of: Stack, service: string, host: string): Promise<string | undefined> {
  const { code, stdout } = await of.run('exec', '-T', service, ...wget, `http://${host}/`);
  return code === 0 ? stdout.trim() : undefined;
}

const short = async (of: Stack, service: string, number = 1) =>
  (await view(of, service, number)).id.slice(0, 12);
const gateway = async (of: Stack, service: string) => (await view(of, service)).networks[0]!.gateway;

/** Addresses of this machine that others reach it by. */
const outer = Object.entries(networkInterfaces())
  .filter(([name]) => !/^(lo|ts[bvx])/.test(name))
  .flatMap(([, all]) => all ?? [])
  .filter(({ family, address }) => family === 'IPv4' && !address.startsWith('127.'))
  .map(({ address }) => address);

test('a published port is reached from every address of the host, and through it from containers of any stack', async () => {
  const port = ports(1);
  const todo = await stack(`${anchors}
services:
  web: {<<: *web, ports: ["${port}:80"]}
  sibling: *idle
`);
  const stranger = await stack(`${anchors}
services:
  far: *idle
`);
  await todo.ok('up', '--detach');
  await stranger.ok('up', '--detach');
  const web = await short(todo, 'web');
  await vi.waitFor(async () => expect(await page(`127.0.0.1:${port}`)).toBe(web), 60_000);
  const gates = [await gateway(todo, 'web'), await gateway(stranger, 'far')];
  for (const host of ['127.0.0.2', '[::1]', 'localhost', ...gates, ...outer])
    expect([host, await page(`${host}:${port}`)]).toEqual([host, web]);
  for (const host of [...gates, ...outer]) {
    expect(['web', host, await pageFrom(todo, 'web', `${host}:${port}`)]).toEqual(['web', host, web]);
    expect(['sibling', host, await pageFrom(todo, 'sibling', `${host}:${port}`)]).toEqual([
      'sibling',
      host,
      web,
    ]);
    expect(['far', host, await pageFrom(stranger, 'far', `${host}:${port}`)]).toEqual(['far', host, web]);
  }
  // The container itself is not reached across networks, published or not.
  const direct = (await view(todo, 'web')).networks[0]!.ipv4;
  expect(await pageFrom(stranger, 'far', direct)).toBe(undefined);
});

test('a port published on 127.0.0.1 is this host’s alone', async () => {
  const port = ports(1);
  const todo = await stack(`${anchors}
services:
  web: {<<: *web, ports: ["127.0.0.1:${port}:80"]}
  sibling: *idle
`);
  await todo.ok('up', '--detach');
  await vi.waitFor(
    async () => expect(await page(`127.0.0.1:${port}`)).toBe(await short(todo, 'web')),
    60_000,
  );
  const gate = await gateway(todo, 'web');
  for (const host of ['[::1]', gate, ...outer])
    expect([host, await page(`${host}:${port}`)]).toEqual([host, undefined]);
  expect(await pageFrom(todo, 'sibling', `${gate}:${port}`)).toBe(undefined);
  // Nor does a route to the host's loopback lead there.
  await inside(
    todo,
    'sibling',
    'sh',
    '-c',
    `ip route add 127.0.0.5/32 via ${gate} dev eth0 2>/dev/null; true`,
  );
  expect(await pageFrom(todo, 'sibling', `127.0.0.5:${port}`)).toBe(undefined);
  expect(await todo.ok('port', 'web', '80')).toBe(`127.0.0.1:${port}\n`);
});

test('TCP and UDP may be published under one number, over both families', async () => {
  const port = ports(1);
  const todo = await stack(`${anchors}
services:
  names: {<<: *idle, ports: ["${port}:53/udp", "${port}:53/tcp"]}
  sibling: *idle
`);
  await todo.ok('up', '--detach');
  const server = await nameServer(todo, 'names', { 'shop.example': ['192.0.2.44'] });
  const ask = (host: string, how: string) => [
    'dig',
    `@${host}`,
    '-p',
    String(port),
    '+tries=1',
    how,
    '+short',
    'shop.example',
  ];
  const gate = await gateway(todo, 'names');
  const hosts = ['127.0.0.1', '::1', gate, ...outer];
  for (const host of hosts) {
    for (const how of ['+notcp', '+tcp']) {
      const [program = '', ...words] = ask(host, how);
      expect([host, how, (await run(program, words)).stdout]).toEqual([host, how, '192.0.2.44\n']);
    }
  }
  for (const how of ['+notcp', '+tcp'])
    expect(await inside(todo, 'sibling', ...ask(gate, how))).toBe('192.0.2.44\n');
  expect(server.asked.filter((line) => line.startsWith('tcp '))).toHaveLength(hosts.length + 1);
  expect(await todo.ok('port', '--protocol', 'udp', 'names', '53')).toBe(`0.0.0.0:${port}\n`);
});

test('a range is published one to one, a range for one port gives the first free, no number a random one', async () => {
  const [pairs, pool] = [ports(3), ports(4)];
  const holder = createServer().listen(pool, '0.0.0.0');
  onTestFinished(() => void holder.close());
  await vi.waitUntil(() => holder.listening, 60_000);
  const todo = await stack(`${anchors}
services:
  pairs: {<<: *web, ports: ["${pairs}-${pairs + 2}:80-82"]}
  many: {<<: *web, ports: ["${pool}-${pool + 3}:80"], scale: 3}
  any: {<<: *web, ports: ["80", "127.0.0.1::80"]}
`);
  await todo.ok('up', '--detach');
  for (const offset of [0, 1, 2])
    expect(await todo.ok('port', 'pairs', String(80 + offset))).toBe(`0.0.0.0:${pairs + offset}\n`);
  await vi.waitFor(
    async () => expect(await page(`127.0.0.1:${pairs}`)).toBe(await short(todo, 'pairs')),
    60_000,
  );

  const given = await Promise.all(
    [1, 2, 3].map(async (number) => (await view(todo, 'many', number)).ports[0]!.hostPort),
  );
  expect(given.toSorted()).toEqual([pool + 1, pool + 2, pool + 3]);
  for (const [index, hostPort] of given.entries()) {
    const replica = await short(todo, 'many', index + 1);
    await vi.waitFor(async () => expect(await page(`127.0.0.1:${hostPort}`)).toBe(replica), 60_000);
  }

  const random = (await view(todo, 'any')).ports.map(({ hostPort }) => hostPort);
  expect(new Set(random).size).toBe(2);
  for (const hostPort of random)
    await vi.waitFor(
      async () => expect(await page(`127.0.0.1:${hostPort}`)).toBe(await short(todo, 'any')),
      60_000,
    );
});

test('two stacks of one file stand side by side on ports of their own', async () => {
  const compose = `${anchors}
services:
  web: {<<: *web, ports: ["\${PORT}:80"]}
`;
  const pairs = await Promise.all(
    [ports(1), ports(1)].map(async (port) => {
      const todo = await stack(compose, { '.env': `PORT=${port}\n` });
      await todo.ok('up', '--detach');
      return { todo, port };
    }),
  );
  for (const { todo, port } of pairs)
    await vi.waitFor(
      async () => expect(await page(`127.0.0.1:${port}`)).toBe(await short(todo, 'web')),
      60_000,
    );
});

test('a port is free as soon as its container is stopped or gone, and another service may take it', async () => {
  const port = ports(1);
  const todo = await stack(`${anchors}
services:
  blue: {<<: *web, ports: ["${port}:80"]}
  green: {<<: *web, ports: ["${port}:80"], profiles: [green]}
`);
  await todo.ok('up', '--detach');
  await vi.waitFor(
    async () => expect(await page(`127.0.0.1:${port}`)).toBe(await short(todo, 'blue')),
    60_000,
  );
  const both = await todo.run('up', '--detach', 'green');
  expect([both.code, both.stderr]).toEqual([1, expect.stringContaining(`port ${port}`)]);

  await todo.ok('stop', 'blue');
  expect(await page(`127.0.0.1:${port}`)).toBe(undefined);
  await canBeBound(port);
  await todo.ok('--profile', 'green', 'up', '--detach', '--no-deps', 'green');
  await vi.waitFor(
    async () => expect(await page(`127.0.0.1:${port}`)).toBe(await short(todo, 'green')),
    60_000,
  );
  const taken = await todo.run('start', 'blue');
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining(`${todo.project}-green-1`)]);

  await todo.ok('--profile', 'green', 'down', '--timeout', '0');
  expect(await page(`127.0.0.1:${port}`)).toBe(undefined);
  await canBeBound(port);
});

test('a container that its policy restarts keeps its port, and gives it back when it is taken down meanwhile', async () => {
  const port = ports(1);
  const todo = await stack(`${anchors}
services:
  web: {<<: *web, restart: always, ports: ["80"]}
  failing: {image: busybox, command: "false", restart: always, ports: ["${port}:80", "${port}:80/udp"]}
`);
  await todo.ok('up', '--detach');
  const before = await view(todo, 'web');
  process.kill(before.pid, 'SIGKILL');
  await vi.waitFor(async () => {
    const after = await view(todo, 'web');
    expect([after.restartCount, after.state, after.ports]).toEqual([1, 'running', before.ports]);
  }, 60_000);
  const { hostPort } = before.ports[0]!;
  await vi.waitFor(
    async () => expect(await page(`127.0.0.1:${hostPort}`)).toBe(before.id.slice(0, 12)),
    60_000,
  );

  await vi.waitFor(async () => expect((await view(todo, 'failing')).restartCount).toBeGreaterThan(2), 60_000);
  await todo.ok('stop', 'failing');
  await canBeBound(port);
  await todo.ok('start', 'failing');
  await vi.waitFor(async () => expect((await view(todo, 'failing')).state).toBe('restarting'), 60_000);
  await todo.ok('down', '--timeout', '0');
  await canBeBound(port);
  await canBeBound(hostPort);
});

test('a host port that somebody holds is named before anything is made', async () => {
  const port = ports(1);
  const holder = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void holder.close());
  await vi.waitUntil(() => holder.listening, 60_000);
  const todo = await stack(`${anchors}
services:
  web: {<<: *web, ports: ["${port}:80"]}
`);
  const { code, stderr } = await todo.run('up', '--detach');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(`port ${port}/tcp is already in use by .*\\(pid ${process.pid}\\)`),
  ]);
  expect(await todo.containers()).toEqual([]);
  expect(await todo.ok('network', 'ls', '--format', 'json')).not.toContain(todo.project);
});

/** By anybody, over both families and both protocols. */
async function canBeBound(port: number): Promise<void> {
  for (const host of ['0.0.0.0', '::']) {
    const tcp = createServer();
    await new Promise<void>((resolve, reject) => {
      tcp.once('error', reject).listen({ port, host, ipv6Only: true }, resolve);
    });
    await new Promise((resolve) => tcp.close(resolve));
    const udp = host === '::' ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject).bind(port, host, resolve);
    });
    await new Promise<void>((resolve) => udp.close(resolve));
  }
}

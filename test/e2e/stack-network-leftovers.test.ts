import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { at, dig } from './inside.ts';
import { machineOf } from './machine.ts';
import { stack } from './stack.ts';

const run = promisify(execFile);

const compose = `
x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}
services:
  web: {<<: *idle, networks: [front, back], ports: ["80", "127.0.0.1::81", "53/udp", "[::1]::82"]}
  db: {<<: *idle, networks: [back, six]}
  lodger: {<<: *idle, network_mode: "service:db"}
  plain: {<<: *idle, network_mode: bridge, ports: ["80"]}
  many: {<<: *idle, networks: [front], scale: 3}
networks:
  front: {ipam: {config: [{subnet: ${at(209, 0)}/24}]}}
  back: {internal: true}
  six: {enable_ipv6: true}
`;

/** Switches of the whole machine. */
async function switches(): Promise<string[]> {
  const { stdout } = await run('sh', ['-c', 'sysctl -a 2>/dev/null | grep ^net'], { maxBuffer: 1 << 24 });
  // Other interfaces may come and go meanwhile.
  const theirs = stdout.split('\n').filter((line) => !/\.(conf|neigh)\.(?!all|default|lo)/.test(line));
  // What the kernel counts for itself, and what stays on for others to rely on.
  const moving =
    /conntrack_count|_used |\.flush|ip_forward|forwarding|accept_ra |bc_forwarding|mc_forwarding/;
  return theirs.filter((line) => !moving.test(line));
}

test('down leaves no bridge, interface, rule, address or switch of the stack', async () => {
  const machine = machineOf();
  const before = await switches();
  const todo = await stack(compose);
  await todo.ok('up', '--detach');
  const during = await machine.inventory();
  // Four bridges, and an interface of the host for each connection of web, db, plain and many.
  expect(during.links.filter((name) => name.startsWith('tsb'))).toHaveLength(4);
  expect(during.links.filter((name) => name.startsWith('tsv'))).toHaveLength(8);

  await todo.ok('down', '--timeout', '0');
  const after = await machine.inventory();
  expect({ links: after.links, elements: after.rules.filter((line) => line.startsWith('elements')) }).toEqual(
    {
      links: [],
      elements: [],
    },
  );
  expect(await todo.ok('network', 'ls', '--quiet')).toBe('');
  expect(await switches()).toEqual(before);
});

test('what a container’s end takes from the machine a restart brings back', async () => {
  const machine = machineOf();
  const todo = await stack(compose);
  await todo.ok('up', '--detach');
  const before = await machine.inventory();
  await todo.ok('stop', '--timeout', '0');
  await vi.waitFor(async () => {
    const { links } = await machine.inventory();
    expect(links.filter((name) => name.startsWith('tsv'))).toEqual([]);
  }, 60_000);
  await todo.ok('start');
  const { links } = await machine.inventory();
  expect(links).toEqual(before.links);
  expect(await dig(todo, 'db', 'web')).toHaveLength(1);
});

test('rules that somebody flushes come back by themselves, and names never go', async () => {
  const machine = machineOf();
  const todo = await stack(compose);
  await todo.ok('up', '--detach');
  const { rules } = await machine.inventory();
  await run('nft', ['delete', 'table', 'inet', `tscompose_${machine.directories.tag}`]);
  expect(await dig(todo, 'web', 'db')).toHaveLength(1);
  await vi.waitFor(async () => expect((await machine.inventory()).rules).toEqual(rules), 60_000);
});

import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wholeTable } from '../../src/network/ruleset.ts';
import type { Container, Machine } from './network-harness.ts';
import { hostAddress, machine, run, tcp } from './network-harness.ts';

let host: Machine;
let web: Container;
let sibling: Container;
let other: Container;

beforeAll(async () => {
  host = await machine('10.213.0.0/18:26');
  await host.network('app_front');
  await host.network('app_other');
  web = await host.container('app-web-1', {
    networks: [{ network: 'app_front' }],
    ports: [tcp(80), tcp(80, undefined, { hostIp: '127.0.0.1' }), { target: 80, protocol: 'udp' }],
  });
  sibling = await host.container('app-sibling-1', { networks: [{ network: 'app_front' }] });
  other = await host.container('app-other-1', { networks: [{ network: 'app_other' }] });
  await Promise.all([web.serve(80), other.serve(80)]);
});

afterAll(async () => {
  expect(await host.end()).toEqual([]);
});

describe('a container on a network', () => {
  it('has what its lease says: interface, hardware address, address, default route', async () => {
    const { stdout: link } = await web.run('ip', '-o', 'link', 'show', 'eth0');
    expect(link).toContain('link/ether 02:42:0a:d5:00:02');
    const { stdout: addresses } = await web.run('ip', '-o', 'address', 'show', 'eth0');
    expect(addresses.match(/inet6? \S+/g)).toEqual(['inet 10.213.0.2/26']);
    const { stdout: routes } = await web.run('ip', 'route');
    expect(
      routes
        .trim()
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual([
      'default via 10.213.0.1 dev eth0 proto static',
      '10.213.0.0/26 dev eth0 proto kernel scope link src 10.213.0.2',
    ]);
  });

  it('reaches its siblings directly', async () => {
    expect(await sibling.get(web.address, 80)).toBe(`app-web-1 ${sibling.address}`);
  });

  it('does not reach containers of other networks, nor they it', async () => {
    expect(await sibling.get(other.address, 80)).toBe('unreachable');
    expect(await other.get(web.address, 80)).toBe('unreachable');
  });

  it('is reached by the host', async () => {
    expect(await host.get(web.address, 80)).toBe('app-web-1 10.213.0.1');
  });
});

describe('a published port', () => {
  const places = (): [string, () => Promise<string>][] => {
    const [{ hostPort } = { hostPort: 0 }] = web.ports;
    return [
      ['127.0.0.1', () => host.get('127.0.0.1', hostPort)],
      ['the host’s own address', () => host.get(hostAddress(), hostPort)],
      ['::1', () => host.get('::1', hostPort)],
      ['a sibling, through the host’s address', () => sibling.get(hostAddress(), hostPort)],
      ['a sibling, through the gateway', () => sibling.get('10.213.0.1', hostPort)],
      ['a container of another network', () => other.get(hostAddress(), hostPort)],
      ['the container itself', () => web.get(hostAddress(), hostPort)],
    ];
  };

  it('is reached from everywhere', async () => {
    const answers = await Promise.all(
      places().map(async ([place, ask]) => [place, (await ask()).split(' ')[0]]),
    );
    expect(answers).toEqual(places().map(([place]) => [place, 'app-web-1']));
  });

  it('of UDP is reached over IPv4 and IPv6', async () => {
    const { hostPort } = web.ports[2]!;
    for (const [ask, address] of [
      [host, '127.0.0.1'],
      [host, hostAddress()],
      [host, '::1'],
      [sibling, hostAddress()],
    ] as const)
      expect((await ask.get(address, hostPort, 'udp')).split(' ')[0]).toBe('app-web-1');
  });

  it('of UDP leads a client that never stops sending to the container that takes the place of another', async () => {
    const hostPort = 40_213;
    const published = { target: 80, protocol: 'udp' as const, published: { start: hostPort, end: hostPort } };
    const script = `
      const udp = require('node:dgram').createSocket('udp4');
      let last = '';
      udp.on('message', (m) => { const name = String(m).split(' ')[0]; if (name !== last) console.log(last = name); });
      udp.on('error', () => {});
      setInterval(() => udp.send('hello', ${hostPort}, '127.0.0.1'), 10);`;
    const client = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let heard = '';
    client.stdout.on('data', (text) => {
      heard += text;
    });
    for (const name of ['app-old-1', 'app-new-1']) {
      const one = await host.container(name, { networks: [{ network: 'app_front' }], ports: [published] });
      await one.serve(80);
      await expect.poll(() => heard).toMatch(new RegExp(`${name}\\n$`));
      await host.manager.detach(one.id);
      await host.manager.releasePorts(one.id);
    }
    client.kill();
  });

  it('with a host address is reached through that address only', async () => {
    const { hostPort } = web.ports[1]!;
    expect(await host.get('127.0.0.1', hostPort)).toMatch(/^app-web-1/);
    expect(await host.get(hostAddress(), hostPort)).toBe('unreachable');
    expect(await host.get('::1', hostPort)).toBe('unreachable');
    expect(await sibling.get(hostAddress(), hostPort)).toBe('unreachable');
  });

  it('refuses connections while the container does not run', async () => {
    const idle = await host.container('app-idle-1', {
      networks: [{ network: 'app_front' }],
      ports: [tcp(80)],
    });
    const { hostPort } = idle.ports[0]!;
    await idle.serve(80);
    expect(await host.get('127.0.0.1', hostPort)).toMatch(/^app-idle-1/);
    expect(await host.get('::1', hostPort)).toMatch(/^app-idle-1/);
    await host.manager.detach(idle.id);
    expect(await host.get('127.0.0.1', hostPort)).toBe('unreachable');
    expect(await host.get('::1', hostPort)).toBe('unreachable');
  });

  it('cannot be had twice, and the holder is named', async () => {
    const { hostPort } = web.ports[0]!;
    await expect(host.manager.reservePorts('x', 'x', [tcp(80, hostPort)])).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `port ${hostPort}/tcp is already in use, by container app-web-1`,
    });
  });

  it('that another program has is refused with its name and pid', async () => {
    const script =
      'require("node:net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port); })';
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const taken = Number(await new Promise((resolve) => child.stdout.once('data', resolve)));
    const [problem] = await host.manager.checkPorts([tcp(80, taken)], []);
    child.kill();
    expect(problem).toMatchObject({ hostPort: taken, holder: `node (pid ${child.pid})` });
  });
});

describe('a neighbour of the host', () => {
  it('sees the host’s address when a container calls, and reaches only what is published', async () => {
    const neighbour = await host.stranger();
    const name = `tsn${host.tag}`;
    const [outer, inner] = ['10.213.255.1', '10.213.255.2'];
    const steps = [
      ['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', `${neighbour.pid}`],
      ['ip', 'address', 'add', `${outer}/30`, 'dev', name],
      ['ip', 'link', 'set', name, 'up'],
    ];
    for (const step of steps) expect(await run(step)).toMatchObject({ code: 0 });
    await neighbour.run('ip', 'link', 'set', 'eth0', 'up');
    await neighbour.run('ip', 'address', 'add', `${inner}/30`, 'dev', 'eth0');
    await neighbour.serve(80);
    expect(await web.get(inner, 80)).toBe(`stranger ${outer}`);

    const everywhere = web.ports[0]!.hostPort;
    const loopbackOnly = web.ports[1]!.hostPort;
    expect(await neighbour.get(outer, everywhere)).toBe(`app-web-1 ${inner}`);
    expect(await neighbour.get(outer, loopbackOnly)).toBe('unreachable');

    // Straight at the container, and at the host's loopback, past every published port.
    await neighbour.run('ip', 'route', 'add', '10.213.0.0/26', 'via', outer);
    expect(await neighbour.get(web.address, 80)).toBe('unreachable');
    await neighbour.run('sysctl', '-qw', 'net.ipv4.conf.all.route_localnet=1');
    await neighbour.run('ip', 'route', 'flush', 'table', 'local');
    await neighbour.run('ip', 'route', 'add', '127.0.0.0/8', 'via', outer);
    expect(await neighbour.get('127.0.0.1', loopbackOnly)).toBe('unreachable');
    await run(['ip', 'link', 'delete', name]);
  });
});

describe('a machine that became a router for our networks’ sake', () => {
  it('passes nothing on between its neighbours', async () => {
    const [router, left, right] = await Promise.all([host.stranger(), host.stranger(), host.stranger()]);
    for (const [side, subnet] of [
      [left, '10.213.251'],
      [right, '10.213.252'],
    ] as const) {
      const port = `p${side.pid}`;
      await router.run(
        'ip',
        'link',
        'add',
        port,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        `${side.pid}`,
      );
      await router.run('ip', 'address', 'add', `${subnet}.1/24`, 'dev', port);
      await router.run('ip', 'link', 'set', port, 'up');
      await side.run('ip', 'address', 'add', `${subnet}.2/24`, 'dev', 'eth0');
      await side.run('ip', 'link', 'set', 'eth0', 'up');
      await side.run('ip', 'route', 'add', 'default', 'via', `${subnet}.1`);
    }
    await router.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    await right.serve(80);
    const load = async (...strangers: readonly 'ipv4'[]) =>
      expect(await router.run('nft', wholeTable('tscompose_router', [], [], strangers))).toMatchObject({
        code: 0,
      });
    await load();
    expect(await left.get('10.213.252.2', 80)).toBe('stranger 10.213.251.2');
    await load('ipv4');
    expect(await left.get('10.213.252.2', 80)).toBe('unreachable');
  });
});

describe('an internal network', () => {
  it('joins its containers and leads nowhere else', async () => {
    await host.network('app_inside', { internal: true });
    const one = await host.container('app-one-1', {
      networks: [{ network: 'app_inside' }],
      ports: [tcp(80)],
    });
    const two = await host.container('app-two-1', { networks: [{ network: 'app_inside' }] });
    await one.serve(80);
    expect(await two.get(one.address, 80)).toBe(`app-one-1 ${two.address}`);
    expect((await two.run('ip', 'route', 'show', 'default')).stdout).toBe('');
    // Even one that sets the route itself.
    const gateway = (await host.manager.list()).find(({ name }) => name === 'app_inside')?.ipv4.gateway ?? '';
    await two.run('ip', 'route', 'add', 'default', 'via', gateway);
    expect(await two.get(other.address, 80)).toBe('unreachable');
    expect(await two.get(gateway, web.ports[0]!.hostPort)).toBe('unreachable');
    expect(one.ports).toEqual([]);
  });
});

describe('a network', () => {
  it('can forbid its containers to talk to each other', async () => {
    const driverOptions = { 'com.docker.network.bridge.enable_icc': 'false' };
    await host.network('app_apart', { driverOptions });
    const one = await host.container('app-apart-1', { networks: [{ network: 'app_apart' }] });
    const two = await host.container('app-apart-2', { networks: [{ network: 'app_apart' }] });
    await one.serve(80);
    expect(await two.get(one.address, 80)).toBe('unreachable');
    expect(await host.get(one.address, 80)).toMatch(/^app-apart-1/);
  });

  it('can have IPv6, static addresses and interface names of the user’s', async () => {
    await host.network('app_six', { subnets: [{ subnet: '10.213.200.0/24' }, { subnet: 'fd00:213::/64' }] });
    const one = await host.container('app-six-1', {
      networks: [
        { network: 'app_front' },
        {
          network: 'app_six',
          ipv4Address: '10.213.200.9',
          ipv6Address: 'fd00:213::9',
          macAddress: '0a:00:00:00:00:09',
          interfaceName: 'data0',
          gatewayPriority: 1,
        },
      ],
    });
    const two = await host.container('app-six-2', { networks: [{ network: 'app_six' }] });
    await one.serve(80);
    expect(await two.get('10.213.200.9', 80)).toBe(`app-six-1 ${two.address}`);
    expect(await two.get('fd00:213::9', 80)).toBe('app-six-1 fd00:213::2');
    expect(await sibling.get(one.address, 80)).toBe(`app-six-1 ${sibling.address}`);
    const { stdout } = await one.run('ip', '-o', 'link', 'show', 'data0');
    expect(stdout).toContain('0a:00:00:00:00:09');
    expect((await one.run('ip', 'route', 'show', 'default')).stdout).toContain('via 10.213.200.1 dev data0');
  });

  it('can stand on an interface of the host’s, as a macvlan', async () => {
    const parent = `tsm${host.tag}`;
    expect(await run(['ip', 'link', 'add', parent, 'type', 'bridge'])).toMatchObject({ code: 0 });
    await run(['ip', 'link', 'set', parent, 'up']);
    await run(['ip', 'address', 'add', '10.213.210.1/24', 'dev', parent]);
    const subnets = [{ subnet: '10.213.210.0/24', ipRange: '10.213.210.128/25' }];
    await host.network('app_lan', { driver: 'macvlan', driverOptions: { parent }, subnets });
    const overlapping = host.network('app_over', { subnets: [{ subnet: '10.213.210.0/25' }] });
    await expect(overlapping).rejects.toMatchObject({ code: 'NETWORK_SUBNET_OVERLAP' });
    const one = await host.container('app-lan-1', { networks: [{ network: 'app_lan' }] });
    const two = await host.container('app-lan-2', { networks: [{ network: 'app_lan' }] });
    await one.serve(80);
    expect(await two.get(one.address, 80)).toBe(`app-lan-1 ${two.address}`);
    await run(['ip', 'link', 'delete', parent]);
  });
});

describe('after', () => {
  it('a restart, a container has its address and its published ports again', async () => {
    const before = await host.container('app-again-1', {
      networks: [{ network: 'app_front' }],
      ports: [tcp(80)],
    });
    await before.kill();
    await host.manager.detach(before.id);
    const after = await host.restart(before);
    await after.serve(80);
    expect(after.address).toBe(before.address);
    expect(await sibling.get(after.address, 80)).toBe(`app-again-1 ${sibling.address}`);
    expect(await host.get('127.0.0.1', after.ports[0]!.hostPort)).toMatch(/^app-again-1/);
    expect(await host.get('::1', after.ports[0]!.hostPort)).toMatch(/^app-again-1/);
  });

  it('somebody deleted our rules, the next container brings all of them back', async () => {
    await run(['nft', 'delete', 'table', 'inet', `tscompose_${host.tag}`]);
    await host.container('app-next-1', { networks: [{ network: 'app_front' }], ports: [tcp(80)] });
    expect(await host.get('127.0.0.1', web.ports[0]!.hostPort)).toMatch(/^app-web-1/);
    expect(await other.get(web.address, 80)).toBe('unreachable');
  });

  it('the agent’s end, another one takes the running containers over as they are', async () => {
    const successor = host.successor();
    await successor.open();
    const { id, name, pid, leases, ports } = web;
    successor.restoreLeases(id, name, leases);
    await host.manager.releasePorts(id);
    await successor.restorePorts(id, name, ports);
    await successor.attach({ containerId: id, containerName: name, pid, leases, ports, upstreams: [] });
    const { hostPort } = ports[0]!;
    expect(await host.get('127.0.0.1', hostPort)).toMatch(/^app-web-1/);
    expect(await host.get('::1', hostPort)).toMatch(/^app-web-1/);
    expect(await sibling.get(web.address, 80)).toBe(`app-web-1 ${sibling.address}`);
    const { stdout } = await web.run('dig', '+short', '@127.0.0.11', 'app-web-1');
    expect(stdout.trim()).toBe(web.address);
    await successor.detach(id);
    await successor.releasePorts(id);
  });
});

import type { Dirent } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostError } from '../../src/errors.ts';
import { systemFiles } from '../../src/host/files.ts';
import type { Host } from '../../src/host/host.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { createNetworkManager } from '../../src/network/index.ts';
import { macOfBridge, vethName } from '../../src/network/names.ts';
import type { Lease } from '../../src/network/network.ts';
import { type FakeKernel, fakeKernel } from './fake-kernel.ts';
import { networkRequest, wish } from './records.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tsc-net-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Files of the state root are real; the kernel's switches are noted. */
function world({ clock = systemHost.clock, isRouter = false, chmod = systemFiles.chmod } = {}) {
  const switches: string[] = [];
  const host: Host = {
    ...systemHost,
    clock,
    files: {
      ...systemFiles,
      chmod,
      write: async (path, content) => void switches.push(`${path}=${content}`),
      readText: async (path) =>
        path.startsWith('/proc/') ? (isRouter ? '1\n' : '0\n') : systemFiles.readText(path),
      list: async (path) =>
        path === '/sys/devices/virtual/net' ? ([{ name: 'docker0' }] as Dirent[]) : systemFiles.list(path),
    },
  };
  const kernel = fakeKernel();
  const directories = { data: join(root, 'data'), run: join(root, 'run'), tag: 'abcdef' };
  const options = { pools: '10.213.0.0/16:26', kernel };
  return { kernel, switches, manager: createNetworkManager(host, directories, options) };
}

const attachment = (leases: readonly Lease[], pid = 7, containerId = 'c1') => ({
  containerId,
  containerName: 'app-web-1',
  pid,
  leases,
  ports: [{ target: 80, hostPort: 8080, hostIp: '0.0.0.0', protocol: 'tcp' as const }],
  upstreams: [],
});

describe('the network layer', () => {
  it('makes a bridge with the gateway’s address, once', async () => {
    const { kernel, switches, manager } = world();
    const record = await manager.create(networkRequest());
    expect(record).toMatchObject({
      bridge: `tsbabcdef${record.id.slice(0, 6)}`,
      ipv4: { subnet: '10.213.0.0/26', gateway: '10.213.0.1', reserved: [] },
    });
    const index = kernel.interfaceIndex(record.bridge);
    expect(kernel.ops.map(({ op }) => op)).toEqual([
      { kind: 'AddBridge', name: record.bridge, mac: expect.stringMatching(/^02:42:/) },
      { kind: 'SetLink', name: record.bridge, linkLocal: false },
      { kind: 'SetLink', name: record.bridge, up: true },
      { kind: 'AddAddress', index, address: '10.213.0.1', prefix: 26 },
    ]);
    expect(switches).toEqual([
      `/proc/sys/net/ipv4/conf/${record.bridge}/route_localnet=1`,
      '/proc/sys/net/ipv4/ip_forward=1',
    ]);
    expect(await manager.create(networkRequest())).toEqual(record);
    expect(await manager.list()).toEqual([record]);
  });

  describe('makes the machine a router', () => {
    const on = '/proc/sys/net/ipv4/ip_forward=1';
    const off = '/proc/sys/net/ipv4/ip_forward=0';
    const rule = 'strangers { ipv4 : drop }';
    const forbids = (kernel: FakeKernel) => kernel.filters.some(({ commands }) => commands.includes(rule));

    it('for its own networks only, until the last has gone', async () => {
      const { kernel, switches, manager } = world();
      await manager.create(networkRequest());
      await manager.create(networkRequest({ name: 'app_other' }));
      expect(forbids(kernel)).toBe(true);
      expect(switches).toContain(on);
      await manager.remove('app_other');
      expect(switches).not.toContain(off);
      await manager.remove('app_default');
      expect(switches.at(-1)).toBe(off);
    });

    it('and remembers that for the agent after it', async () => {
      await world().manager.create(networkRequest());
      const after = world();
      await after.manager.open();
      expect(forbids(after.kernel)).toBe(true);
      await after.manager.close();
      expect(after.switches.at(-1)).toBe(off);
    });

    it('for good when somebody else may have come to rely on it', async () => {
      const { kernel, switches, manager } = world();
      await manager.create(networkRequest());
      kernel.links = [{ index: 9, name: 'docker0', mac: '', up: true, master: 0 }];
      await manager.remove('app_default');
      expect(switches).not.toContain(off);
    });

    it('unless it is one: then it stays what it is', async () => {
      const { kernel, switches, manager } = world({ isRouter: true });
      await manager.create(networkRequest());
      await manager.remove('app_default');
      expect(forbids(kernel)).toBe(false);
      expect(switches.filter((line) => line.includes('ip_forward'))).toEqual([]);
    });
  });

  it('goes when the containers that still have addresses there are named, and only then', async () => {
    const { kernel, manager } = world();
    await manager.create(networkRequest());
    await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    await expect(manager.remove('app_default')).rejects.toMatchObject({ code: 'NETWORK_IN_USE' });
    await expect(manager.remove('app_default', ['app-other-1'])).rejects.toMatchObject({
      message: 'network app_default is in use by app-web-1',
    });
    expect(kernel.ops.some(({ op }) => op.kind === 'DeleteLink')).toBe(false);
    await manager.remove('app_default', ['app-web-1']);
    expect(kernel.ops.some(({ op }) => op.kind === 'DeleteLink')).toBe(true);
    expect(await manager.list()).toEqual([]);
  });

  it('keeps its bridge on a disk that takes no changes', async () => {
    const chmod = () =>
      Promise.reject(new HostError('HOST_EROFS', 'cannot change the mode: read-only file system'));
    const { kernel, manager } = world({ chmod });
    await manager.create(networkRequest());
    await expect(manager.remove('app_default')).rejects.toMatchObject({ code: 'HOST_EROFS' });
    expect(kernel.ops.some(({ op }) => op.kind === 'DeleteLink')).toBe(false);
    expect(await manager.list()).toHaveLength(1);
  });

  it('connects a container, and changes nothing when asked twice', async () => {
    const { kernel, manager } = world();
    const record = await manager.create(networkRequest());
    const leases = await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    kernel.ops.length = 0;
    await manager.attach(attachment(leases));
    const veth = vethName('abcdef', 'c1', record.id);
    const eth0 = kernel.interfaceIndex('eth0');
    const expected = [
      {
        where: 'host',
        op: {
          kind: 'AddVeth',
          name: veth,
          master: kernel.interfaceIndex(record.bridge),
          peer: { name: 'eth0', mac: '02:42:0a:d5:00:02', namespace: 1_007 },
        },
      },
      { where: 'host', op: { kind: 'SetLink', name: veth, linkLocal: false } },
      { where: 'host', op: { kind: 'SetLink', name: veth, up: true } },
      { where: 'host', op: { kind: 'SetBridgePort', name: veth, hairpin: true, isolated: false } },
      { where: 'pid 7', op: { kind: 'SetLink', name: 'lo', up: true } },
      { where: 'pid 7', op: { kind: 'SetLink', name: 'eth0', linkLocal: false } },
      { where: 'pid 7', op: { kind: 'SetLink', name: 'eth0', up: true } },
      { where: 'pid 7', op: { kind: 'AddAddress', index: eth0, address: '10.213.0.2', prefix: 26 } },
      { where: 'pid 7', op: { kind: 'AddDefaultRoute', gateway: '10.213.0.1', index: eth0 } },
    ];
    expect(kernel.ops).toEqual(expected);
    expect([...kernel.bound]).toEqual(['udp 127.0.0.11:64053 in pid 7', 'tcp 127.0.0.11:64053 in pid 7']);
    expect(
      kernel.filters
        .slice(-2)
        .map(({ where }) => where)
        .sort(),
    ).toEqual(['host', 'pid 7']);
    await manager.attach(attachment(leases));
    expect(kernel.ops).toEqual(expected);
    await manager.detach('c1');
    expect([...kernel.bound]).toEqual([]);
    expect(kernel.filters.at(-1)?.commands).toBe(
      'delete element inet tscompose_abcdef published { tcp . 8080 }',
    );
  });

  it('gives an internal network no way out, no switch and no published port', async () => {
    const { kernel, switches, manager } = world();
    await manager.create(networkRequest({ internal: true }));
    const leases = await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    expect(await manager.reservePorts('c1', 'app-web-1', [{ target: 80, protocol: 'tcp' }])).toEqual([]);
    await manager.attach(attachment(leases));
    expect(kernel.ops.some(({ op }) => op.kind === 'AddDefaultRoute')).toBe(false);
    expect(switches.some((line) => line.includes('ip_forward'))).toBe(false);
    expect(kernel.filters.some(({ commands }) => commands.includes('8080'))).toBe(false);
  });

  it('takes over what an agent before it has wired, and removes a veth that only looks like it', async () => {
    const { kernel, manager } = world();
    const record = await manager.create(networkRequest());
    const leases = await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    const veth = vethName('abcdef', 'c1', record.id);
    let attempts = 0;
    kernel.refuse = (what) =>
      typeof what !== 'string' && what.kind === 'AddVeth' && attempts++ === 0 ? 'HOST_EEXIST' : undefined;
    kernel.links = [{ index: 2, name: 'eth0', mac: '02:42:0a:d5:00:02', up: true, master: 0 }];
    kernel.ops.length = 0;
    await manager.attach(attachment(leases));
    expect(kernel.ops.filter(({ op }) => op.kind === 'AddVeth')).toHaveLength(1);
    await manager.detach('c1');

    attempts = 0;
    kernel.links = [];
    kernel.ops.length = 0;
    await manager.attach(attachment(leases, 8));
    expect(
      kernel.ops.filter(({ op }) => ['AddVeth', 'DeleteLink'].includes(op.kind)).map(({ op }) => op.kind),
    ).toEqual(['AddVeth', 'DeleteLink', 'AddVeth']);
    expect(kernel.ops).toContainEqual({ where: 'host', op: { kind: 'DeleteLink', name: veth } });
  });

  it('takes no interface from a container that starts again while others’ are waited for', async () => {
    let now = 0;
    let meanwhile = async (): Promise<void> => undefined;
    const clock = {
      ...systemHost.clock,
      monotonic: () => now,
      sleep: async () => {
        now += 100;
        await meanwhile();
        meanwhile = async () => undefined;
      },
    };
    const { kernel, manager } = world({ clock });
    const record = await manager.create(networkRequest());
    await manager.create(networkRequest({ name: 'app_other' }));
    for (const containerId of ['c1', 'c2']) {
      const leases = await manager.lease({ containerId, containerName: containerId, networks: [wish()] });
      await manager.attach(attachment(leases, 7, containerId));
      await manager.detach(containerId);
      if (containerId === 'c1') meanwhile = () => manager.attach(attachment(leases, 8));
    }
    kernel.ops.length = 0;
    // With a network goes what is left of detached containers.
    await manager.remove('app_other');
    const [again, left] = ['c1', 'c2'].map((containerId) => vethName('abcdef', containerId, record.id));
    const made = kernel.ops.flatMap(({ op }) => (op.kind === 'AddVeth' ? [op.name] : []));
    const deleted = kernel.ops.flatMap(({ op }) => (op.kind === 'DeleteLink' ? [op.name] : []));
    expect(made).toEqual([again]);
    expect(deleted).toContain(left);
    expect(deleted).not.toContain(again);
  });

  it('undoes what it has begun when the kernel refuses the rest', async () => {
    const { kernel, manager } = world();
    await manager.create(networkRequest());
    const leases = await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    kernel.refuse = (what) =>
      typeof what !== 'string' && what.kind === 'AddAddress' ? 'HOST_EPERM' : undefined;
    await expect(manager.attach(attachment(leases))).rejects.toMatchObject({ code: 'HOST_EPERM' });
    await new Promise((resolve) => setImmediate(resolve));
    expect([...kernel.bound]).toEqual([]);
  });

  it('does not remove a network that a container holds an address of', async () => {
    const { kernel, manager } = world();
    const record = await manager.create(networkRequest());
    await manager.lease({ containerId: 'c1', containerName: 'app-web-1', networks: [wish()] });
    await expect(manager.remove('app_default')).rejects.toMatchObject({
      code: 'NETWORK_IN_USE',
      message: 'network app_default is in use by app-web-1',
    });
    manager.release('c1');
    await manager.remove('app_default');
    await manager.remove('app_default');
    expect(kernel.ops).toContainEqual({ where: 'host', op: { kind: 'DeleteLink', name: record.bridge } });
    expect(await manager.list()).toEqual([]);
  });

  it('leaves no record of a network that the kernel would not make', async () => {
    const { kernel, manager } = world();
    kernel.refuse = (what) =>
      typeof what !== 'string' && what.kind === 'AddBridge' ? 'HOST_EPERM' : undefined;
    await expect(manager.create(networkRequest())).rejects.toMatchObject({ code: 'HOST_EPERM' });
    expect(await world().manager.list()).toEqual([]);
  });

  it('finds its networks again, makes what is missing of them, and removes bridges of ours that nothing explains', async () => {
    const before = world();
    const record = await before.manager.create(networkRequest());
    const after = world();
    const link = (name: string) => ({ index: 9, name, mac: '', up: true, master: 0 });
    after.kernel.links = [
      link(record.bridge),
      link('tsbabcdef000000'),
      link('tsbfedcba000000'),
      link('eth0'),
    ];
    await after.manager.open();
    expect(await after.manager.list()).toEqual([record]);
    expect(after.kernel.ops.filter(({ op }) => op.kind === 'DeleteLink').map(({ op }) => op)).toEqual([
      { kind: 'DeleteLink', name: 'tsbabcdef000000' },
    ]);
    expect(after.kernel.ops.some(({ op }) => op.kind === 'AddBridge' && op.name === record.bridge)).toBe(
      true,
    );
  });

  it('neither takes over nor deletes an interface that has the name chosen for its bridge', async () => {
    const link = { index: 3, name: 'br0', mac: '52:54:00:00:00:01', up: true, master: 0 };
    const named = networkRequest({ driverOptions: { 'com.docker.network.bridge.name': 'br0' } });
    const refusal = {
      code: 'NETWORK_OPTION_INVALID',
      message: 'network app_default: the interface br0 exists already',
      hint: 'choose a name that no interface has, or leave com.docker.network.bridge.name out',
    };
    const before = world();
    await expect(before.manager.create(named)).rejects.toMatchObject(refusal);
    const [told] = await before.manager.refusals({ made: [named], dropped: [], containers: [], leaving: [] });
    expect(told).toMatchObject({ network: 'app_default', part: 'driver_opts', error: refusal });
    expect(before.kernel.ops).toEqual([]);

    before.kernel.interfaceIndex = () => 0;
    const record = await before.manager.create(named);
    const again = { ...link, mac: macOfBridge(record.id) };
    const adopting = world();
    adopting.kernel.links = [again];
    await adopting.manager.open();
    expect(adopting.kernel.ops.map(({ op }) => op.kind)).toContain('AddBridge');
    const remade = { made: [named], dropped: ['app_default'], containers: [], leaving: [] };
    expect(await adopting.manager.refusals(remade)).toEqual([]);

    const robbed = world();
    robbed.kernel.links = [link];
    await robbed.manager.open();
    await robbed.manager.close();
    expect(robbed.kernel.ops).toEqual([]);
    const bereft = world();
    bereft.kernel.links = [link];
    await bereft.manager.open();
    await expect(bereft.manager.create(named)).rejects.toMatchObject(refusal);
    expect(bereft.kernel.ops).toEqual([]);
  });

  it('leaves the routes through a macvlan’s parent to the host', async () => {
    const { kernel, manager } = world();
    kernel.links = [{ index: 2, name: 'eth0', mac: '', up: true, master: 0 }];
    kernel.routes = [{ index: 2, destination: '10.213.0.0', prefix: 26 }];
    const subnets = [{ subnet: '192.0.2.0/24' }];
    await manager.create(
      networkRequest({ name: 'lan', driver: 'macvlan', driverOptions: { parent: 'eth0' }, subnets }),
    );
    expect((await manager.create(networkRequest())).ipv4.subnet).toBe('10.213.0.64/26');
  });

  it('chooses subnets that neither the host nor another network has', async () => {
    const { kernel, manager } = world();
    kernel.links = [{ index: 2, name: 'eth1', mac: '', up: true, master: 0 }];
    kernel.addresses = [{ index: 2, address: '10.213.0.9', prefix: 27 }];
    kernel.routes = [
      { index: 2, prefix: 0 },
      { index: 2, destination: '10.213.0.64', prefix: 28 },
    ];
    const first = await manager.create(networkRequest({ name: 'a' }));
    const second = await manager.create(networkRequest({ name: 'b' }));
    expect([first.ipv4.subnet, second.ipv4.subnet]).toEqual(['10.213.0.128/26', '10.213.0.192/26']);
    const subnets = [{ subnet: '10.213.0.128/27' }];
    await expect(manager.create(networkRequest({ name: 'c', subnets }))).rejects.toMatchObject({
      code: 'NETWORK_SUBNET_OVERLAP',
      message: 'the subnet 10.213.0.128/27 of network c overlaps with 10.213.0.128/26 of network a',
    });
  });
});

import { expect, test } from 'vitest';
import { address, at, dig, inside, view } from './inside.ts';
import { type Stack, stack } from './stack.ts';

const idle = 'x-idle: &idle {image: busybox, command: sleep 100000, stop_signal: SIGKILL}';

interface Link {
  readonly ifname: string;
  readonly address: string;
  readonly mtu: number;
  readonly addr_info: readonly {
    readonly family: string;
    readonly local: string;
    readonly prefixlen: number;
  }[];
}

/** "name hardware-address address/prefix…" of all but loopback, link-local addresses left out. */
async function links(of: Stack, service: string): Promise<string[]> {
  const all = JSON.parse(await inside(of, service, 'ip', '-j', 'address')) as Link[];
  return all
    .filter(({ ifname }) => ifname !== 'lo')
    .map(({ ifname, address: mac, addr_info }) => {
      const global = addr_info.filter(({ local }) => !local.startsWith('fe80:'));
      return [ifname, mac, ...global.map(({ local, prefixlen }) => `${local}/${prefixlen}`)].join(' ');
    });
}

async function defaultRoute(of: Stack, service: string, family = '-4'): Promise<string> {
  const [route] = JSON.parse(await inside(of, service, 'ip', '-j', family, 'route', 'show', 'default'));
  return route === undefined ? 'none' : `${route.gateway} ${route.dev}`;
}

test('a network has the subnet, gateway, range and reserved addresses of the file, and a container those of its own', async () => {
  const todo = await stack(`
${idle}
services:
  fixed: {<<: *idle, networks: {lan: {ipv4_address: ${at(205, 200)}, mac_address: "02:00:00:00:be:ef"}}}
  old: {<<: *idle, mac_address: "02:00:00:00:ca:fe", networks: [lan]}
  free: {<<: *idle, networks: [lan]}
networks:
  lan:
    ipam:
      config:
        - subnet: ${at(205, 0)}/24
          gateway: ${at(205, 254)}
          ip_range: ${at(205, 64)}/29
          aux_addresses: {printer: ${at(205, 65)}}
`);
  await todo.ok('up', '--detach');
  expect(await links(todo, 'fixed')).toEqual([`eth0 02:00:00:00:be:ef ${at(205, 200)}/24`]);
  const [old] = await links(todo, 'old');
  expect(old).toMatch(/^eth0 02:00:00:00:ca:fe /);
  for (const service of ['old', 'free']) {
    expect(await defaultRoute(todo, service)).toBe(`${at(205, 254)} eth0`);
    const last = Number((await address(todo, service)).split('.')[3]);
    expect([64, 66, 67, 68, 69, 70, 71]).toContain(last);
  }
  expect(await dig(todo, 'free', 'fixed')).toEqual([at(205, 200)]);
  await todo.ok('up', '--detach', '--force-recreate', 'fixed');
  expect(await links(todo, 'fixed')).toEqual([`eth0 02:00:00:00:be:ef ${at(205, 200)}/24`]);
});

test('services swap their addresses', async () => {
  const file = (one: string, two: string) => `
${idle}
services:
  one: {<<: *idle, networks: {lan: {ipv4_address: ${one}}}}
  two: {<<: *idle, networks: {lan: {ipv4_address: ${two}}}}
networks: {lan: {ipam: {config: [{subnet: ${at(219, 0)}/24}]}}}
`;
  const todo = await stack(file(at(219, 10), at(219, 11)));
  await todo.ok('up', '--detach');
  await todo.write('compose.yaml', file(at(219, 11), at(219, 10)));
  await todo.ok('up', '--detach');
  expect(await Promise.all([address(todo, 'one'), address(todo, 'two')])).toEqual([at(219, 11), at(219, 10)]);
  expect(await dig(todo, 'one', 'two')).toEqual([at(219, 10)]);
});

test('an address that is taken, reserved or elsewhere is refused by name', async () => {
  const owner = await stack(`
${idle}
services:
  one: {<<: *idle, networks: {lan: {ipv4_address: ${at(206, 7)}}}}
networks: {lan: {ipam: {config: [{subnet: ${at(206, 0)}/24}]}}}
`);
  await owner.ok('up', '--detach');
  const user = await stack('');
  const refused = async (wanted: string): Promise<string> => {
    await user.write(
      'compose.yaml',
      `${idle}
services: {two: {<<: *idle, networks: {lan: {ipv4_address: ${wanted}}}}}
networks: {lan: {external: true, name: ${owner.project}_lan}}
`,
    );
    const { code, stderr } = await user.run('up', '--detach');
    expect(code).toBe(1);
    return stderr;
  };
  const network = `on network ${owner.project}_lan`;
  expect(await refused(at(206, 7))).toContain(
    `the address ${at(206, 7)} ${network} is in use by container ${owner.project}-one-1`,
  );
  expect(await refused(at(206, 1))).toContain(`the address ${at(206, 1)} cannot be had ${network}`);
  expect(await refused('192.0.2.7')).toContain(`the address 192.0.2.7 cannot be had ${network}`);
  expect(await user.containers()).toEqual([]);
});

test('priority orders the connections, gw_priority chooses the way out, interface_name names the interface', async () => {
  const todo = await stack(`
${idle}
services:
  plain: {<<: *idle, networks: {b: {}, a: {}, c: {}}}
  led: {<<: *idle, networks: {a: {}, b: {gw_priority: 5}, c: {priority: 9}}}
  named: {<<: *idle, networks: {a: {interface_name: lan0}, b: {interface_name: eth0}, c: {}}}
networks:
  a: {ipam: {config: [{subnet: ${at(207, 0)}/26}]}}
  b: {ipam: {config: [{subnet: ${at(207, 64)}/26}]}}
  c: {ipam: {config: [{subnet: ${at(207, 128)}/26}]}, internal: true}
`);
  await todo.ok('up', '--detach');
  const named = async (service: string): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await links(todo, service)).map((line) => {
        const [name = '', , text = ''] = line.split(' ');
        return [name, 'abc'[Math.floor(Number(text.split(/[./]/)[3]) / 64)] ?? ''];
      }),
    );
  expect(await named('plain')).toEqual({ eth0: 'a', eth1: 'b', eth2: 'c' });
  expect(await defaultRoute(todo, 'plain')).toBe(`${at(207, 1)} eth0`);
  expect(await named('led')).toEqual({ eth0: 'c', eth1: 'a', eth2: 'b' });
  expect(await defaultRoute(todo, 'led')).toBe(`${at(207, 65)} eth2`);
  expect(await named('named')).toEqual({ lan0: 'a', eth0: 'b', eth1: 'c' });
  expect(await defaultRoute(todo, 'named')).toBe(`${at(207, 1)} lan0`);
});

test('with enable_ipv6 a container has an IPv6 address, a name for it and a way out', async () => {
  const todo = await stack(`
${idle}
services:
  web: {<<: *idle, networks: {six: {ipv6_address: "fd5e:77:${process.pid.toString(16)}::99"}}}
  asker: {<<: *idle, networks: [six]}
networks:
  six: {enable_ipv6: true, ipam: {config: [{subnet: "fd5e:77:${process.pid.toString(16)}::/64"}]}}
`);
  await todo.ok('up', '--detach');
  const web = `fd5e:77:${process.pid.toString(16)}::99`;
  expect(await dig(todo, 'asker', 'web', 'AAAA')).toEqual([web]);
  expect(await dig(todo, 'asker', 'web', 'A')).toEqual([await address(todo, 'web')]);
  expect(await dig(todo, 'asker', '-x', web)).toEqual([`${todo.project}-web-1.${todo.project}_six.`]);
  expect(await defaultRoute(todo, 'asker', '-6')).toBe(`fd5e:77:${process.pid.toString(16)}::1 eth0`);
  expect(await todo.ok('exec', '-T', 'asker', 'ping', '-6', '-c1', '-W5', web)).toContain(
    '1 packets received',
  );
  const hosts = await todo.ok('exec', '-T', 'web', 'cat', '/etc/hosts');
  expect(hosts).toContain(`${web}\t${(await view(todo, 'web')).id.slice(0, 12)}\n`);
});

test('an external network joins two stacks, and outlives who only uses it', async () => {
  const owner = await stack(`
${idle}
services:
  db: {<<: *idle, networks: {shared: {aliases: [store]}}}
networks: {shared: {name: "\${COMPOSE_PROJECT_NAME}-by-another-name"}}
`);
  await owner.ok('up', '--detach');
  const user = await stack(`
${idle}
services:
  web: {<<: *idle, networks: [default, outside]}
networks: {outside: {external: true, name: ${owner.project}-by-another-name}}
`);
  await user.ok('up', '--detach');
  expect(await dig(user, 'web', 'store')).toEqual([await address(owner, 'db')]);
  expect(await dig(owner, 'db', 'web')).toEqual([await address(user, 'web', 'eth1')]);
  expect(await user.ok('exec', '-T', 'web', 'ping', '-c1', '-W5', 'db')).toContain('1 packets received');

  const refused = await owner.run('down', '--timeout', '0');
  expect(refused.stderr).toContain(`${user.project}-web-1`);
  await user.ok('down', '--timeout', '0');
  expect(await owner.ok('network', 'ls', '--format', 'json')).toContain(`${owner.project}-by-another-name`);
  await owner.ok('down', '--timeout', '0');
  expect(await owner.ok('network', 'ls', '--format', 'json')).not.toContain(owner.project);

  const missing = await user.run('up', '--detach');
  expect([missing.code, missing.stderr]).toEqual([
    1,
    expect.stringContaining(
      `network ${owner.project}-by-another-name declared as external, but could not be found`,
    ),
  ]);
});

test('driver options name the bridge, set its width and keep neighbours apart', async () => {
  const bridge = `tsx${process.pid}`;
  const todo = await stack(`
${idle}
services:
  one: *idle
  two: *idle
networks:
  default:
    driver_opts:
      com.docker.network.bridge.name: ${bridge}
      com.docker.network.driver.mtu: 1400
      com.docker.network.bridge.enable_icc: "false"
`);
  await todo.ok('up', '--detach');
  const [link] = JSON.parse(await inside(todo, 'one', 'ip', '-j', 'link', 'show', 'eth0')) as Link[];
  expect(link?.mtu).toBe(1400);
  const ping = (to: string) => todo.run('exec', '-T', 'one', 'ping', '-c1', '-W1', to);
  expect((await ping('two')).code).toBe(1);
  expect((await ping((await view(todo, 'one')).networks[0]!.gateway)).code).toBe(0);
});

test('a network whose settings change is made again, with its containers', async () => {
  const compose = (subnet: string) => `
${idle}
services:
  one: *idle
  two: *idle
networks: {default: {ipam: {config: [{subnet: ${subnet}}]}}}
`;
  const todo = await stack(compose(`${at(208, 0)}/25`));
  await todo.ok('up', '--detach');
  await todo.write('compose.yaml', compose(`${at(208, 128)}/25`));
  await todo.ok('up', '--detach');
  for (const service of ['one', 'two'])
    expect(Number((await address(todo, service)).split('.')[3])).toBeGreaterThan(128);
  expect(await dig(todo, 'one', 'two')).toEqual([await address(todo, 'two')]);
});

import { describe, expect, it } from 'vitest';
import {
  canonicalOf,
  mergedOf,
  mistakesIn,
  placesIn,
  projectOf,
  serviceOf,
  warningsIn,
  web,
} from '../load/loading.ts';

const declared = 'networks: {a: , b: , c: }\n';

describe('networks of a service', () => {
  it('are a list of names, or a mapping that says more of them, and are printed as a mapping', async () => {
    expect(await canonicalOf(web('networks: [b, a]') + declared)).toEqual({ networks: { a: null, b: null } });
    expect(await canonicalOf(web('networks: {a: , b: {}, c: {priority: "5"}}') + declared)).toEqual({
      networks: { a: null, b: {}, c: { priority: 5 } },
    });
  });

  it('are printed with everything that an attachment can have', async () => {
    const yaml = web(`networks:
  a:
    aliases: [db, database, db]
    driver_opts: {com.example.queue: 5}
    gw_priority: "7"
    interface_name: lan
    ipv4_address: 10.9.0.9
    ipv6_address: "fd00::9"
    link_local_ips: [169.254.1.1]
    mac_address: 02:42:ac:11:00:09
    priority: 100`);
    expect(await canonicalOf(yaml + declared)).toEqual({
      networks: {
        a: {
          aliases: ['db', 'database'],
          driver_opts: { 'com.example.queue': '5' },
          gw_priority: 7,
          interface_name: 'lan',
          ipv4_address: '10.9.0.9',
          ipv6_address: 'fd00::9',
          link_local_ips: ['169.254.1.1'],
          mac_address: '02:42:ac:11:00:09',
          priority: 100,
        },
      },
    });
    expect((await serviceOf(yaml + declared)).networks).toEqual({
      a: {
        aliases: ['db', 'database'],
        gatewayPriority: 7,
        interfaceName: 'lan',
        ipv4Address: '10.9.0.9',
        ipv6Address: 'fd00::9',
        macAddress: '02:42:ac:11:00:09',
        priority: 100,
      },
    });
  });

  it('are the default one when they are empty', async () => {
    expect((await serviceOf(web('networks: []'))).networks).toEqual({ default: { aliases: [] } });
    expect((await serviceOf(web('networks: {}'))).networks).toEqual({ default: { aliases: [] } });
  });

  it('may hold variables, which are cast', async () => {
    const yaml = web('networks: {a: {interface_name: "eth$N", priority: $N, gw_priority: $N}}') + declared;
    expect(await canonicalOf(yaml, { env: { N: '7' } })).toEqual({
      networks: { a: { interface_name: 'eth7', priority: 7, gw_priority: 7 } },
    });
    expect(await mistakesIn(yaml, { env: { N: 'x' } })).toEqual([
      '4:55 COMPOSE_TYPE: services.web.networks.a.priority: "x" is no whole number -> write a whole number',
      '4:72 COMPOSE_TYPE: services.web.networks.a.gw_priority: "x" is no whole number -> write a whole number',
    ]);
  });

  it('are merged network by network, whichever form they are in, and their aliases are added', async () => {
    const merged = await mergedOf(
      'networks: {a: {aliases: [one, two], priority: 1, link_local_ips: [169.254.1.1]}, b: }',
      'networks: {a: {aliases: [two, three], priority: 2, link_local_ips: [169.254.1.1]}, c: }',
      { declared },
    );
    expect(merged).toEqual({
      networks: {
        a: { aliases: ['one', 'two', 'three'], link_local_ips: ['169.254.1.1'], priority: 2 },
        b: null,
        c: null,
      },
    });
    expect(await mergedOf('networks: {a: {priority: 1}}', 'networks: [a, b]', { declared })).toEqual({
      networks: { a: { priority: 1 }, b: null },
    });
  });

  it('are refused with addresses that are none, and names that no interface can have', async () => {
    const yaml = web(`networks:
  a: {ipv4_address: "fd00::9", ipv6_address: 10.9.0.9}
  b: {mac_address: "02:42", interface_name: much-too-long-for-it}`);
    expect(await mistakesIn(yaml + declared)).toEqual([
      '5:25 COMPOSE_VALUE: services.web.networks.a.ipv4_address: "fd00::9" is no IPv4 address -> write an IPv4 address of the network\'s subnet',
      '5:50 COMPOSE_VALUE: services.web.networks.a.ipv6_address: "10.9.0.9" is no IPv6 address -> write an IPv6 address of the network\'s subnet',
      '6:24 COMPOSE_VALUE: services.web.networks.b.mac_address: "02:42" is no hardware address of an interface -> write six pairs of hexadecimal digits with an even first one, such as 02:42:ac:11:00:02',
      '6:49 COMPOSE_VALUE: services.web.networks.b.interface_name: "much-too-long-for-it" cannot be the name of an interface -> write at most 15 letters and digits',
    ]);
  });

  it('are warned of for what has no effect in this version', async () => {
    expect(
      await warningsIn(web('networks: {a: {driver_opts: {x: y}, link_local_ips: [169.254.1.1]}}') + declared),
    ).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.networks.driver_opts, services.networks.link_local_ips',
    ]);
  });

  it.each([
    ['a', '4:15 COMPOSE_TYPE'],
    ['[5]', '4:16 COMPOSE_TYPE'],
    ['{a: 5}', '4:19 COMPOSE_TYPE'],
    ['{a: {aliases: one}}', '4:29 COMPOSE_TYPE'],
    ['{a: {priority: [1]}}', '4:20 COMPOSE_TYPE'],
    ['{a: {driver_opts: {x: [1]}}}', '4:34 COMPOSE_TYPE'],
    ['{a: {ipv4: 10.9.0.9}}', '4:20 COMPOSE_UNKNOWN_KEY'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`networks: ${written}`) + declared)).toEqual([place]);
  });
});

describe('networks', () => {
  it('attaches to the default network when nothing is said, and declares it', async () => {
    const project = await projectOf('services: {web: {image: x}}');
    expect(project.services.web!.networks).toEqual({ default: { aliases: [] } });
    expect(project.canonical.networks).toEqual({ default: { name: 'p_default', ipam: {} } });
  });

  it('orders attachments by priority and gives every option its place', async () => {
    const yaml = `services:
  web:
    image: x
    networks:
      a: {aliases: [one, two], ipv4_address: 10.9.0.5, mac_address: "02:42:0a:09:00:05", interface_name: eth7}
      b: {priority: 10, gw_priority: 1}
      c:
networks:
  a: {ipam: {driver: default, config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.1, ip_range: 10.9.0.128/25, aux_addresses: {h: 10.9.0.9}}]}}
  b: {internal: true, attachable: "true", enable_ipv6: true, labels: [l=1]}
  c: {name: real, external: true}
  unused: {}
`;
    const { services, networks } = await projectOf(yaml);
    expect(Object.entries(services.web!.networks)).toEqual([
      ['b', { aliases: [], priority: 10, gatewayPriority: 1 }],
      [
        'a',
        {
          aliases: ['one', 'two'],
          ipv4Address: '10.9.0.5',
          macAddress: '02:42:0a:09:00:05',
          interfaceName: 'eth7',
        },
      ],
      ['c', { aliases: [] }],
    ]);
    const plain = {
      external: false,
      driver: 'bridge',
      driverOptions: {},
      internal: false,
      attachable: false,
      enableIpv4: true,
      enableIpv6: false,
      labels: {},
      ipam: { config: [] },
    };
    expect(networks).toEqual({
      a: {
        ...plain,
        name: 'p_a',
        ipam: {
          driver: 'default',
          config: [
            {
              subnet: '10.9.0.0/24',
              gateway: '10.9.0.1',
              ipRange: '10.9.0.128/25',
              auxAddresses: { h: '10.9.0.9' },
            },
          ],
        },
      },
      b: { ...plain, name: 'p_b', internal: true, attachable: true, enableIpv6: true, labels: { l: '1' } },
      c: { ...plain, name: 'real', external: true },
    });
  });

  it('refuses networks beside network_mode, undefined networks and one address for two', async () => {
    const yaml = `services:
  a: {image: x, network_mode: host, networks: [n]}
  b: {image: x, networks: [nn]}
  c: {image: x, networks: {n: {ipv4_address: 10.0.0.2}}}
  d: {image: x, networks: {n: {ipv4_address: 10.0.0.2}}}
networks: {n: }
`;
    expect(await mistakesIn(yaml)).toEqual([
      '2:17 COMPOSE_CONFLICT: service a declares mutually exclusive `network_mode` and `networks` -> keep `networks:` to join networks, `network_mode:` to use none or those of something else',
      '3:28 COMPOSE_UNDEFINED: service "b" refers to undefined network nn -> did you mean "n"?',
      '5:46 COMPOSE_CONFLICT: services.d: 10.0.0.2 on network n is already the address of service "c" -> give one of the two another address',
    ]);
  });

  it('takes a name that starts with x- for an extension and no network, as the reference does', async () => {
    const yaml = 'services: {web: {image: x, networks: [x-net, a]}}\nnetworks: {x-net: , a: }\n';
    expect(await mistakesIn(yaml)).toEqual([
      '1:39 COMPOSE_UNDEFINED: service "web" joins a network whose name starts with x-, which makes it an extension -> give the network another name',
    ]);
    const { canonical } = await projectOf(yaml, { consistency: false });
    expect(canonical.services).toMatchObject({ web: { networks: { a: null, '#extensions': {} } } });
    expect(canonical.networks).toEqual({ a: { name: 'p_a', ipam: {} } });
  });

  it('refuses one interface name for two networks of a service', async () => {
    const yaml = `services:
  a: {image: x, networks: {n: {interface_name: lan}, m: {interface_name: lan}}}
networks: {n: , m: }
`;
    expect(await mistakesIn(yaml)).toEqual([
      '2:74 COMPOSE_VALUE: services.a.networks.m.interface_name: "lan" is already the interface of network n -> choose another name',
    ]);
  });

  it.each([
    ['network_mode: host', ' with network_mode: host'],
    ['network_mode: none', ' with network_mode: none'],
    ['networks: [inside]', ', for all its networks are internal'],
  ])('warns of ports published with %s', async (attribute, reason) => {
    const yaml = `services: {a: {image: x, ${attribute}, ports: ["80:80"]}, b: {image: x, networks: [inside, default], ports: [80]}}
networks: {inside: {internal: true}}`;
    expect(await warningsIn(yaml)).toEqual([
      `1:${28 + attribute.length} COMPOSE_DISCARDED_PORTS: service "a": published ports are discarded${reason} -> take \`ports:\` out`,
    ]);
  });
});

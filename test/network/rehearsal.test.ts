import { expect, test } from 'vitest';
import { parseCidr } from '../../src/network/cidr.ts';
import type { NetworkRehearsal, NetworkRequest } from '../../src/network/network.ts';
import { parsePools } from '../../src/network/pools.ts';
import { rehearse, type Standing } from '../../src/network/rehearsal.ts';
import { networkRequest, record, wish } from './records.ts';

const lan = record({ name: 'lan', ipv4: { subnet: '10.5.0.0/24', gateway: '10.5.0.1', reserved: [] } });
const there: Standing = {
  records: [lan],
  holders: [
    {
      containerId: 'c1',
      containerName: 'old-1',
      leases: [
        {
          networkId: lan.id,
          networkName: 'lan',
          ipv4: '10.5.0.7',
          mac: '02:42:0a:05:00:07',
          interfaceName: 'eth0',
          names: [],
          defaultRoute: true,
        },
      ],
    },
  ],
  pools: parsePools('10.213.0.0/24:26'),
  taken: [{ cidr: parseCidr('10.5.0.0/24')!, owner: 'network lan', kind: 'network' }],
  hasInterface: (name) => ['eth0', 'br0'].includes(name),
};

function refused(asked: Partial<NetworkRehearsal>, standing = there): readonly string[] {
  const nothing = { made: [], dropped: [], containers: [], leaving: [] };
  return rehearse({ ...nothing, ...asked }, standing).map(({ network, container, part, error }) =>
    [container ?? '-', network, part ?? '-', error.code].join(' '),
  );
}

const subnet = (name: string, subnets: NetworkRequest['subnets']) => networkRequest({ name, subnets });

test('networks are refused by the setting that is wrong', () => {
  expect(
    refused({
      made: [
        subnet('none', [{ subnet: '10.1.0.0/33' }]),
        subnet('taken', [{ subnet: '10.5.0.128/25' }]),
        subnet('two', [{ subnet: '10.6.0.0/24' }, { subnet: 'fd00::/64', gateway: 'fd01::1' }]),
        subnet('again', [{ subnet: '10.6.0.0/16' }]),
        subnet('range', [{ subnet: '10.8.0.0/24', ipRange: '10.9.0.0/25' }]),
        subnet('aux', [{ subnet: '10.10.0.0/24', auxAddresses: ['10.10.0.9', '10.11.0.9'] }]),
        networkRequest({ name: 'over', driver: 'overlay' }),
        networkRequest({ name: 'mtu', driverOptions: { 'com.docker.network.driver.mtu': '1' } }),
      ],
    }),
  ).toEqual([
    '- none ipam.config[0].subnet NETWORK_SUBNET_INVALID',
    '- taken ipam.config[0].subnet NETWORK_SUBNET_OVERLAP',
    '- two ipam.config[1].gateway NETWORK_SUBNET_INVALID',
    '- range ipam.config[0].ip_range NETWORK_SUBNET_INVALID',
    '- aux ipam.config[0].aux_addresses NETWORK_SUBNET_INVALID',
    '- over driver NETWORK_DRIVER_UNSUPPORTED',
    '- mtu driver_opts NETWORK_OPTION_INVALID',
  ]);
});

test('a bridge may only have a name that no interface has, a macvlan only a parent that is there', () => {
  const bridge = (name: string, chosen: string) =>
    networkRequest({ name, driverOptions: { 'com.docker.network.bridge.name': chosen } });
  const macvlan = (name: string, parent: string) =>
    networkRequest({ name, driver: 'macvlan', driverOptions: { parent } });
  const made = [
    bridge('lan-bridge', 'br0'),
    bridge('new', 'br-new'),
    bridge('again', 'br-new'),
    macvlan('flat', 'eth0'),
    macvlan('none', 'eth7'),
  ];
  expect(refused({ made }, { ...there, pools: parsePools('10.213.0.0/16:26') })).toEqual([
    '- lan-bridge driver_opts NETWORK_OPTION_INVALID',
    '- again driver_opts NETWORK_OPTION_INVALID',
    '- none driver_opts NETWORK_PARENT_UNKNOWN',
  ]);
});

test('two new networks must not overlap, and pools must have room for all', () => {
  const made = [
    subnet('one', [{ subnet: '10.6.0.0/24' }]),
    subnet('two', [{ subnet: '10.6.0.0/16' }]),
    ...['a', 'b', 'c', 'd', 'e'].map((name) => networkRequest({ name })),
  ];
  expect(refused({ made })).toEqual([
    '- two ipam.config[0].subnet NETWORK_SUBNET_OVERLAP',
    '- e - NETWORK_POOL_EXHAUSTED',
  ]);
});

test('a fixed address is refused outside its subnet, and where somebody has it', () => {
  const containers = [
    { name: 'a-1', networks: [wish({ network: 'lan', ipv4Address: '10.5.0.7' })] },
    { name: 'b-1', networks: [wish({ network: 'lan', ipv4Address: '10.6.0.7' })] },
    { name: 'c-1', networks: [wish({ network: 'lan', ipv4Address: '10.5.0.8', ipv6Address: 'fd00::8' })] },
    { name: 'c-2', networks: [wish({ network: 'lan', ipv4Address: '10.5.0.8' })] },
    { name: 'd-1', networks: [wish({ network: 'lan', ipv4Address: '10.5.0.1' })] },
  ];
  expect(refused({ containers })).toEqual([
    'a-1 lan ipv4_address NETWORK_ADDRESS_IN_USE',
    'b-1 lan ipv4_address NETWORK_ADDRESS_OUTSIDE',
    'c-1 lan ipv6_address NETWORK_ADDRESS_OUTSIDE',
    'c-2 lan ipv4_address NETWORK_ADDRESS_IN_USE',
    'd-1 lan ipv4_address NETWORK_ADDRESS_OUTSIDE',
  ]);
});

test('what goes first is in nobody’s way', () => {
  const containers = [{ name: 'a-1', networks: [wish({ network: 'lan', ipv4Address: '10.5.0.7' })] }];
  expect(refused({ containers, leaving: ['c1'] })).toEqual([]);
  const remade = { made: [subnet('lan', [{ subnet: '10.5.0.0/25' }])], dropped: ['lan'], leaving: ['c1'] };
  expect(refused({ ...remade, containers }, { ...there, taken: [] })).toEqual([]);
});

test('the addresses of a network that cannot be made are not judged', () => {
  const containers = [{ name: 'a-1', networks: [wish({ network: 'none', ipv4Address: '10.1.0.7' })] }];
  expect(refused({ made: [subnet('none', [{ subnet: '10.1.0.0/33' }])], containers })).toEqual([
    '- none ipam.config[0].subnet NETWORK_SUBNET_INVALID',
  ]);
});

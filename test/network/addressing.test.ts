import { describe, expect, it } from 'vitest';
import type { TakenSubnet } from '../../src/network/addressing.ts';
import { planAddressing } from '../../src/network/addressing.ts';
import { parseCidr } from '../../src/network/cidr.ts';
import { checkDriver } from '../../src/network/drivers.ts';
import { createLeaseBook } from '../../src/network/leases.ts';
import type { NetworkRequest } from '../../src/network/network.ts';
import { parsePools } from '../../src/network/pools.ts';
import { networkRequest, record, wish } from './records.ts';

const pools = parsePools('10.213.0.0/16:26');
const plan = (request: Partial<NetworkRequest>, taken: readonly TakenSubnet[] = []) =>
  planAddressing('a'.repeat(64), networkRequest(request), pools, taken);
const taken = (text: string, owner: string, kind: TakenSubnet['kind']): TakenSubnet => ({
  cidr: parseCidr(text)!,
  owner,
  kind,
});
const code = (name: string) => expect.objectContaining({ code: name });

describe('a network’s addresses', () => {
  it('come from the pools when the file names none', () => {
    expect(plan({}, [taken('10.213.0.0/26', 'network other', 'network')])).toEqual({
      ipv4: { subnet: '10.213.0.64/26', gateway: '10.213.0.65', reserved: [] },
    });
  });

  it('are those of the file', () => {
    const subnets = [
      {
        subnet: '10.5.0.0/16',
        gateway: '10.5.0.254',
        ipRange: '10.5.1.0/24',
        auxAddresses: ['10.5.1.7'],
      },
    ];
    expect(plan({ subnets })).toEqual({
      ipv4: { subnet: '10.5.0.0/16', gateway: '10.5.0.254', ipRange: '10.5.1.0/24', reserved: ['10.5.1.7'] },
    });
  });

  it('are a unique local /64 where IPv6 is asked for without a subnet', () => {
    const { ipv6 } = plan({ enableIpv6: true });
    expect(ipv6?.subnet).toMatch(/^fd[0-9a-f:]+::\/64$/);
    expect(parseCidr(ipv6!.subnet)?.prefix).toBe(64);
    expect(ipv6?.gateway).toBe(`${ipv6?.subnet.replace('/64', '')}1`);
  });

  it('of IPv6 have a range and reserved ones, too', () => {
    const six = {
      subnet: 'fd00:5::/64',
      ipRange: 'fd00:5::100/120',
      auxAddresses: ['fd00:5::100'],
    };
    const planned = plan({ subnets: [six] });
    expect(planned.ipv6).toEqual({
      subnet: 'fd00:5::/64',
      gateway: 'fd00:5::1',
      ipRange: 'fd00:5::100/120',
      reserved: ['fd00:5::100'],
    });
    const book = createLeaseBook();
    book.addNetwork(record(planned));
    const [lease] = book.lease({ containerId: 'c1', containerName: 'c1', networks: [wish()] });
    expect(lease?.ipv6).toBe('fd00:5::101');
    for (const outside of [{ ipRange: 'fd00:6::/120' }, { auxAddresses: ['fd00:6::1'] }])
      expect(() => plan({ subnets: [{ ...six, ...outside }] })).toThrow(code('NETWORK_SUBNET_INVALID'));
  });

  it('are of one subnet a family', () => {
    const subnets = [{ subnet: '10.5.0.0/24' }, { subnet: 'fd00:5::/64' }, { subnet: '10.6.0.0/24' }];
    expect(() => plan({ subnets })).toThrow(
      expect.objectContaining({
        code: 'NETWORK_SUBNET_INVALID',
        message: 'network app_default: "10.6.0.0/24" is a second IPv4 subnet, and a network has one',
        hint: 'make it a network of its own, or one subnet of both',
      }),
    );
  });

  it('name the network or interface that they would overlap', () => {
    const subnets = [{ subnet: '192.0.2.0/25' }];
    expect(() => plan({ subnets }, [taken('192.0.2.2/24', 'interface eth0', 'interface')])).toThrow(
      expect.objectContaining({
        code: 'NETWORK_SUBNET_OVERLAP',
        message: expect.stringContaining('of interface eth0'),
      }),
    );
  });

  it('do not take what a route of the host leads elsewhere', () => {
    const subnets = [{ subnet: '10.9.0.0/24' }];
    for (const route of ['10.9.0.0/24', '10.9.0.64/26'])
      expect(() => plan({ subnets }, [taken(route, 'a route through tun0', 'route')])).toThrow(
        expect.objectContaining({
          code: 'NETWORK_SUBNET_OVERLAP',
          message: `the subnet 10.9.0.0/24 of network app_default overlaps with ${route} of a route through tun0`,
        }),
      );
  });

  it('may lie within a wider route when a person says so', () => {
    const subnets = [{ subnet: '10.9.0.0/24' }];
    expect(plan({ subnets }, [taken('10.0.0.0/8', 'a route through tun0', 'route')]).ipv4.subnet).toBe(
      '10.9.0.0/24',
    );
  });

  it('are those of the parent’s own subnet on a macvlan network, if no other network’s', () => {
    const lan = [
      taken('192.0.2.2/24', 'interface eth0', 'interface'),
      taken('192.0.2.0/24', 'a route through eth0', 'route'),
    ];
    const request = {
      driver: 'macvlan',
      subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1', ipRange: '192.0.2.128/25' }],
    };
    expect(plan(request, lan).ipv4).toMatchObject({ subnet: '192.0.2.0/24', gateway: '192.0.2.1' });
    expect(() => plan(request, [...lan, taken('192.0.2.0/24', 'network lan', 'network')])).toThrow(
      code('NETWORK_SUBNET_OVERLAP'),
    );
  });

  it.each([
    { subnet: '10.5.0.0' },
    { subnet: '10.5.0.0/31' },
    { subnet: '10.5.0.0/24', gateway: '10.6.0.1' },
    { subnet: '10.5.0.0/24', gateway: '10.5.0.255' },
    { subnet: '10.5.0.0/24', ipRange: '10.5.0.0/23' },
    { subnet: '10.5.0.0/24', auxAddresses: ['10.6.0.1'] },
  ])('cannot be %j', (subnet) => {
    expect(() => plan({ subnets: [subnet] })).toThrow(code('NETWORK_SUBNET_INVALID'));
  });
});

describe('a network’s driver', () => {
  it('leaves the bridge’s name to us, or names it', () => {
    expect(checkDriver(networkRequest())).toBeUndefined();
    const driverOptions = { 'com.docker.network.bridge.name': 'br-app' };
    expect(checkDriver(networkRequest({ driverOptions }))).toBe('br-app');
    expect(checkDriver(networkRequest({ driver: 'macvlan', driverOptions: { parent: 'eth0' } }))).toBe(
      'eth0',
    );
  });

  it.each(['overlay', 'ipvlan', 'weave'])('cannot be %s', (driver) => {
    expect(() => checkDriver(networkRequest({ driver }))).toThrow(code('NETWORK_DRIVER_UNSUPPORTED'));
  });

  it.each([
    { driver: 'macvlan', driverOptions: {} },
    { driver: 'macvlan', driverOptions: { parent: 'eth0', macvlan_mode: 'vepa' } },
    { driver: 'bridge', driverOptions: { 'com.docker.network.bridge.name': 'a-name-that-is-too-long' } },
    { driver: 'bridge', driverOptions: { 'com.docker.network.driver.mtu': 'big' } },
  ])('refuses the options %j', (over) => {
    expect(() => checkDriver(networkRequest(over))).toThrow(code('NETWORK_OPTION_INVALID'));
  });
});

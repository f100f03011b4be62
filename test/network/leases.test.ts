import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, parseAddress, parseCidr } from '../../src/network/cidr.ts';
import { createLeaseBook } from '../../src/network/leases.ts';
import { record, wish } from './records.ts';

const small = { subnet: '10.213.0.0/29', gateway: '10.213.0.1', reserved: [] };

function book(over: Parameters<typeof record>[0] = {}) {
  const leases = createLeaseBook();
  leases.addNetwork(record(over));
  const lease = (containerId: string, over: Parameters<typeof wish>[0] = {}) =>
    leases.lease({ containerId, containerName: `name-${containerId}`, networks: [wish(over)] })[0]!;
  return { ...leases, one: lease };
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('leases', () => {
  it('hold everything that a container needs on its network', () => {
    expect(book().one('a')).toEqual({
      networkId: record().id,
      networkName: 'app_default',
      ipv4: '10.213.0.2',
      mac: '02:42:0a:d5:00:02',
      interfaceName: 'eth0',
      names: ['web'],
      defaultRoute: true,
    });
  });

  it('go up from the gateway, and give an address again only when all others were given', () => {
    const { one, release } = book({ ipv4: small });
    const first = ['a', 'b'].map((id) => one(id).ipv4);
    release('a');
    const second = ['c', 'd', 'e', 'f'].map((id) => one(id).ipv4);
    expect([...first, ...second]).toEqual([
      '10.213.0.2',
      '10.213.0.3',
      '10.213.0.4',
      '10.213.0.5',
      '10.213.0.6',
      '10.213.0.2',
    ]);
  });

  it('stay with their container when it asks again', () => {
    const { one } = book();
    expect(one('a').ipv4).toBe(one('a').ipv4);
  });

  it('end where the subnet ends', () => {
    const { one } = book({ ipv4: small });
    for (const id of ['a', 'b', 'c', 'd', 'e']) one(id);
    expect(() => one('f')).toThrow(code('NETWORK_FULL'));
  });

  it('keep to the range, and away from gateway and reserved addresses', () => {
    const { one } = book({
      ipv4: {
        subnet: '10.213.0.0/26',
        ipRange: '10.213.0.8/30',
        gateway: '10.213.0.8',
        reserved: ['10.213.0.10'],
      },
    });
    expect(['a', 'b'].map((id) => one(id).ipv4)).toEqual(['10.213.0.9', '10.213.0.11']);
    expect(() => one('c')).toThrow(code('NETWORK_FULL'));
  });

  it('name the container that has a static address', () => {
    const { one } = book();
    one('a', { ipv4Address: '10.213.0.9' });
    expect(() => one('b', { ipv4Address: '10.213.0.9' })).toThrow(
      expect.objectContaining({
        code: 'NETWORK_ADDRESS_IN_USE',
        message: expect.stringContaining('container name-a'),
      }),
    );
  });

  it.each(['10.213.1.1', '10.213.0.0', '10.213.0.63', '10.213.0.1', 'fd00::1', 'nonsense'])(
    'refuse the static address %s',
    (ipv4Address) => expect(() => book().one('a', { ipv4Address })).toThrow(code('NETWORK_ADDRESS_OUTSIDE')),
  );

  it('refuse a multicast hardware address', () => {
    expect(() => book().one('a', { macAddress: '01:00:5e:00:00:01' })).toThrow(code('NETWORK_MAC_INVALID'));
    expect(book().one('a', { macAddress: '0A-00-00-00-00-01' }).mac).toBe('0a:00:00:00:00:01');
  });

  it('hold nothing when one of several networks refuses', () => {
    const leases = createLeaseBook();
    leases.addNetwork(record());
    const networks = [wish(), wish({ network: 'missing' })];
    expect(() => leases.lease({ containerId: 'a', containerName: 'a', networks })).toThrow(
      code('NETWORK_UNKNOWN'),
    );
    expect(leases.holders(record().id)).toEqual([]);
  });

  it('give the default route to the highest gateway priority, the first among equals, never to an internal network', () => {
    const leases = createLeaseBook();
    const names = ['inside', 'first', 'second', 'third'];
    for (const [index, name] of names.entries())
      leases.addNetwork(
        record({
          id: `${index}`.repeat(64),
          name,
          internal: name === 'inside',
          ipv4: { subnet: `10.213.${index}.0/24`, gateway: `10.213.${index}.1`, reserved: [] },
        }),
      );
    const priorities = { inside: 9, first: 0, second: 5, third: 5 };
    const given = leases.lease({
      containerId: 'a',
      containerName: 'a',
      networks: Object.entries(priorities).map(([network, gatewayPriority]) =>
        wish({ network, gatewayPriority }),
      ),
    });
    expect(given.filter(({ defaultRoute }) => defaultRoute).map(({ networkName }) => networkName)).toEqual([
      'second',
    ]);
    expect(given.map(({ interfaceName }) => interfaceName)).toEqual(['eth0', 'eth1', 'eth2', 'eth3']);
  });

  it('give the first network in the alphabet the default route where priorities are equal', () => {
    const leases = createLeaseBook();
    for (const [index, name] of ['app_b', 'app_a', 'app_c'].entries())
      leases.addNetwork(
        record({
          id: `${index}`.repeat(64),
          name,
          ipv4: { subnet: `10.213.${index}.0/24`, gateway: `10.213.${index}.1`, reserved: [] },
        }),
      );
    const given = leases.lease({
      containerId: 'a',
      containerName: 'a',
      networks: [
        wish({ network: 'app_b' }),
        wish({ network: 'app_a', interfaceName: 'eth0' }),
        wish({ network: 'app_c' }),
      ],
    });
    expect(
      given.map(({ networkName, interfaceName, defaultRoute }) => [networkName, interfaceName, defaultRoute]),
    ).toEqual([
      ['app_b', 'eth1', false],
      ['app_a', 'eth0', true],
      ['app_c', 'eth2', false],
    ]);
  });

  it('give an IPv6 address where the network has them', () => {
    const { one } = book({ ipv6: { subnet: 'fd00:1::/64', gateway: 'fd00:1::1' } });
    expect(['a', 'b'].map((id) => one(id).ipv6)).toEqual(['fd00:1::2', 'fd00:1::3']);
    expect(one('c', { ipv6Address: 'fd00:1::99' }).ipv6).toBe('fd00:1::99');
  });

  it('of containers known from disk are not chosen again', () => {
    const before = book();
    const known = ['a', 'b'].map((id) => before.one(id));
    const after = book();
    after.restore('b', 'name-b', [known[1]!]);
    after.restore('a', 'name-a', [known[0]!]);
    expect(after.one('c').ipv4).toBe('10.213.0.4');
  });

  it('never give two containers one address, whatever comes and goes', () => {
    const step = fc.record({ id: fc.constantFrom(...'abcdefg'), leave: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { one, release } = book({ ipv4: { ...small, subnet: '10.213.0.0/28' } });
        const held = new Map<string, string>();
        for (const { id, leave } of steps) {
          if (leave) release(id);
          if (leave) held.delete(id);
          else held.set(id, one(id).ipv4);
          expect(new Set(held.values()).size).toBe(held.size);
          for (const text of held.values())
            expect(contains(parseCidr('10.213.0.0/28')!, parseAddress(text)!)).toBe(true);
        }
      }),
    );
  });
});

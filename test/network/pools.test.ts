import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cidr } from '../../src/network/cidr.ts';
import { formatCidr, isWithin, overlaps, parseCidr } from '../../src/network/cidr.ts';
import { chooseSubnet, parsePools } from '../../src/network/pools.ts';

const cidrs = (...texts: string[]): Cidr[] => texts.map((text) => parseCidr(text)!);

describe('address pools', () => {
  it('begin with the first network that Docker gives a user', () => {
    expect(formatCidr(chooseSubnet(parsePools(), []))).toBe('172.18.0.0/16');
  });

  it('go on with Docker’s other networks, then with /24s', () => {
    const taken = cidrs('172.16.0.0/12');
    expect(formatCidr(chooseSubnet(parsePools(), taken))).toBe('192.168.0.0/20');
    expect(formatCidr(chooseSubnet(parsePools(), [...taken, ...cidrs('192.168.0.0/16')]))).toBe(
      '10.200.0.0/24',
    );
  });

  it('do not end with the thirty-first network', () => {
    const taken: Cidr[] = [];
    for (let count = 0; count < 200; count += 1) taken.push(chooseSubnet(parsePools(), taken));
    expect(formatCidr(taken[199]!)).toBe('10.200.169.0/24');
  });

  it('pass over routes of the host, but not because of a VPN’s 0.0.0.0/1', () => {
    expect(formatCidr(chooseSubnet(parsePools(), cidrs('0.0.0.0/1', '128.0.0.0/1', '172.18.3.0/24')))).toBe(
      '172.19.0.0/16',
    );
  });

  it('can be set', () => {
    const [pool] = parsePools('10.213.0.0/16:26');
    expect(pool).toEqual({ base: parseCidr('10.213.0.0/16'), size: 26 });
  });

  it.each(['10.0.0.0/16', '10.0.0.0/16:8', '10.0.0.0/16:31', 'x:24', '10.0.0.0:24'])(
    'cannot be %j',
    (text) => {
      expect(() => parsePools(text)).toThrow(expect.objectContaining({ code: 'NETWORK_POOLS_INVALID' }));
    },
  );

  it('name themselves when they are exhausted', () => {
    expect(() => chooseSubnet(parsePools('10.0.0.0/24:26'), cidrs('10.0.0.0/24'))).toThrow(
      expect.objectContaining({
        code: 'NETWORK_POOL_EXHAUSTED',
        message: expect.stringContaining('10.0.0.0/24:26'),
      }),
    );
  });

  it('give a subnet of theirs that overlaps nothing', () => {
    const obstacle = fc
      .record({ value: fc.bigInt({ min: 0n, max: 0xffffn }), prefix: fc.integer({ min: 18, max: 32 }) })
      .map(({ value, prefix }) => cidrs(`10.7.${value >> 8n}.${value & 0xffn}/${prefix}`)[0]!);
    fc.assert(
      fc.property(fc.array(obstacle, { maxLength: 3 }), (taken) => {
        const chosen = chooseSubnet(parsePools('10.7.0.0/16:24'), taken);
        expect(isWithin(chosen, parseCidr('10.7.0.0/16')!)).toBe(true);
        expect(taken.some((other) => overlaps(other, chosen))).toBe(false);
      }),
    );
  });
});

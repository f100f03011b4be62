import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/network/cidr.ts';
import {
  contains,
  formatAddress,
  formatCidr,
  isWithin,
  last,
  network,
  nth,
  overlaps,
  parseAddress,
  parseCidr,
  size,
} from '../../src/network/cidr.ts';

const bits = { 4: 32, 6: 128 } as const;
const address = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.bigInt({ min: 0n, max: (1n << BigInt(bits[family])) - 1n }).map((value) => ({ family, value })),
  );
const cidr = address.chain((one) =>
  fc.integer({ min: 0, max: bits[one.family] }).map((prefix) => network(one, prefix)),
);

describe('addresses and networks', () => {
  it('reads what people write', () => {
    expect(parseCidr('10.1.2.3/8')).toEqual({ family: 4, base: 0x0a000000n, prefix: 8 });
    expect(parseAddress('::ffff:10.0.0.1')?.value).toBe(0xffff0a000001n);
    expect(parseAddress('fd00::1')?.value).toBe((0xfd00n << 112n) | 1n);
  });

  it.each(['10.0.0', '10.0.0.256', '10.0.0.0/33', '10.0.0.0/8/8', 'fe80::1%eth0', '', 'x/8', '10.0.0.0/'])(
    'does not take %j for a network',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  it('writes IPv6 as RFC 5952 has it', () => {
    expect(
      ['fd00:0:0:1:0:0:0:1', '0:0:0:0:0:0:0:0', '1:0:2:3:4:5:6:7'].map((text) =>
        formatAddress(parseAddress(text)!),
      ),
    ).toEqual(['fd00:0:0:1::1', '::', '1:0:2:3:4:5:6:7']);
  });

  it('reads back every address that it writes', () => {
    fc.assert(
      fc.property(address, (one) => {
        expect(parseAddress(formatAddress(one))).toEqual(one);
      }),
    );
  });

  it('reads back every network that it writes', () => {
    fc.assert(
      fc.property(cidr, (one) => {
        expect(parseCidr(formatCidr(one))).toEqual(one);
      }),
    );
  });

  it('has its first and last address in a network, and not those beside them', () => {
    fc.assert(
      fc.property(cidr, (one) => {
        const { family } = one;
        expect(contains(one, nth(one, 0n))).toBe(true);
        expect(contains(one, nth(one, size(one) - 1n))).toBe(true);
        expect(contains(one, { family, value: one.base - 1n })).toBe(false);
        expect(contains(one, { family, value: last(one) + 1n })).toBe(false);
      }),
    );
  });

  it('sees an overlap from both sides, and only where one network lies within the other', () => {
    fc.assert(
      fc.property(cidr, cidr, (one, other) => {
        expect(overlaps(one, other)).toBe(overlaps(other, one));
        expect(overlaps(one, other)).toBe(isWithin(one, other) || isWithin(other, one));
      }),
    );
  });
});

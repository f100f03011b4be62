/** Addresses and networks as numbers. Both families are the same arithmetic, so both are `bigint`. */
import { addressBytes, addressText, familyOf } from '../host/netlink-addresses.ts';

export type Family = 4 | 6;

export interface Cidr {
  readonly family: Family;
  /** The first address: host bits are zero. */
  readonly base: bigint;
  /** Network bits. */
  readonly prefix: number;
}

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

const widths = { 4: 32, 6: 128 } as const;

/** `undefined` when the text is no address. */
export function parseAddress(text: string): Address | undefined {
  const family = familyOf(text);
  return family === undefined
    ? undefined
    : { family, value: BigInt(`0x${addressBytes(text).toString('hex')}`) };
}

/** Host bits are dropped: `10.1.2.3/8` is `10.0.0.0/8`. `undefined` when the text is no network. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', bits = ''] = text.split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || !/^\d{1,3}$/.test(bits)) return undefined;
  const prefix = Number(bits);
  if (prefix > widths[parsed.family] || text.split('/').length !== 2) return undefined;
  return network(parsed, prefix);
}

/** The network of that length that the address lies in. */
export function network(address: Address, prefix: number): Cidr {
  const hostBits = BigInt(widths[address.family] - prefix);
  return { family: address.family, base: (address.value >> hostBits) << hostBits, prefix };
}

/** The canonical spelling; for IPv6 that of RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  return addressText(Buffer.from(value.toString(16).padStart(widths[family] / 4, '0'), 'hex'));
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: cidr.base })}/${cidr.prefix}`;
}

/** How many addresses the network has. */
export function size(cidr: Cidr): bigint {
  return 1n << BigInt(widths[cidr.family] - cidr.prefix);
}

export function last(cidr: Cidr): bigint {
  return cidr.base + size(cidr) - 1n;
}

/** The address at that offset from the base. */
export function nth(cidr: Cidr, offset: bigint): Address {
  return { family: cidr.family, value: cidr.base + offset };
}

export function contains(cidr: Cidr, address: Address): boolean {
  return cidr.family === address.family && address.value >= cidr.base && address.value <= last(cidr);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.family === other.family && one.base <= last(other) && other.base <= last(one);
}

export function isWithin(inner: Cidr, outer: Cidr): boolean {
  return overlaps(inner, outer) && inner.prefix >= outer.prefix;
}

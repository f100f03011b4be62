/** The addresses of a network, as ranges to choose from. */
import { TscomposeError } from '../errors.ts';
import type { Address, Cidr } from './cidr.ts';
import { contains, formatAddress, formatCidr, last, parseAddress, parseCidr } from './cidr.ts';
import type { NetworkRecord } from './network.ts';

export interface AddressRange {
  readonly subnet: Cidr;
  /** The part that addresses are chosen from. */
  readonly dynamic: Cidr;
  readonly reserved: ReadonlySet<bigint>;
  /** Address → container's name. */
  readonly held: Map<bigint, string>;
  /** The address given last: the next one is sought behind it, so that a free one rests as long as possible. */
  cursor: bigint;
}

export function rangesOf({ ipv4, ipv6 }: NetworkRecord): AddressRange[] {
  const range = (subnetText: string, dynamicText: string, reserved: readonly string[]): AddressRange => {
    const subnet = parseCidr(subnetText)!;
    const dynamic = parseCidr(dynamicText)!;
    const values = reserved.flatMap((text) => parseAddress(text)?.value ?? []);
    // A router's anycast address in IPv6, the network's and the broadcast address in IPv4.
    const unusable = subnet.family === 4 ? [subnet.base, last(subnet)] : [subnet.base];
    return {
      subnet,
      dynamic,
      reserved: new Set([...values, ...unusable]),
      held: new Map(),
      cursor: dynamic.base - 1n,
    };
  };
  return [
    range(ipv4.subnet, ipv4.ipRange ?? ipv4.subnet, [ipv4.gateway, ...ipv4.reserved]),
    ...(ipv6 === undefined
      ? []
      : [range(ipv6.subnet, ipv6.ipRange ?? ipv6.subnet, [ipv6.gateway, ...(ipv6.reserved ?? [])])]),
  ];
}

/** Behind the last one given, then from the start again; `undefined` when every one is held. */
export function nextFree(range: AddressRange): bigint | undefined {
  const end = last(range.dynamic);
  let value = range.cursor;
  // Every step but the last meets an address that is held or reserved.
  for (let tries = range.held.size + range.reserved.size + 1; tries > 0; tries -= 1) {
    value = value >= end ? range.dynamic.base : value + 1n;
    if (!range.held.has(value) && !range.reserved.has(value)) return value;
  }
  return undefined;
}

export function fixedAddress(network: string, range: AddressRange | undefined, text: string): string {
  const address = parseAddress(text);
  if (range === undefined || address === undefined || !contains(range.subnet, address))
    throw outside(
      network,
      text,
      range === undefined ? 'the network has none' : `it does not lie in ${formatCidr(range.subnet)}`,
    );
  if (range.reserved.has(address.value)) throw outside(network, text, 'it is the gateway’s or reserved');
  const holder = range.held.get(address.value);
  if (holder === undefined) return formatAddress(address as Address);
  throw new TscomposeError(
    'NETWORK_ADDRESS_IN_USE',
    `the address ${text} on network ${network} is in use by container ${holder}`,
    { hint: 'choose another one, or none, and one will be chosen' },
  );
}

export function outside(network: string, text: string, why: string): TscomposeError {
  return new TscomposeError(
    'NETWORK_ADDRESS_OUTSIDE',
    `the address ${text} cannot be had on network ${network}: ${why}`,
    { hint: 'choose an address of the network’s subnet' },
  );
}

/** Which subnets are not free on this machine, and whose they are. */
import type { Netlink } from '../host/netlink.ts';
import type { TakenSubnet } from './addressing.ts';
import { isBridged } from './bridges.ts';
import { parseCidr } from './cidr.ts';
import type { NetworkRecord } from './network.ts';

/** Those of our networks, of the host's interfaces, and of its routes. */
export async function occupiedSubnets(
  netlink: Netlink,
  records: readonly NetworkRecord[],
): Promise<TakenSubnet[]> {
  const [links, addresses, routes] = [
    await netlink.links(),
    await netlink.addresses(),
    await netlink.routes(),
  ];
  const bridges = new Set(records.filter(isBridged).map(({ bridge }) => bridge));
  const names = new Map(links.map(({ index, name }) => [index, name]));
  const isForeign = (index: number): boolean => !bridges.has(names.get(index) ?? '');

  const ours = records.flatMap((record) =>
    [record.ipv4.subnet, record.ipv6?.subnet].flatMap((text) =>
      taken(text, `network ${record.name}`, 'network'),
    ),
  );
  const interfaces = addresses
    .filter(({ index }) => isForeign(index))
    .flatMap(({ index, address, prefix }) =>
      taken(`${address}/${prefix}`, `interface ${names.get(index) ?? index}`, 'interface'),
    );
  const routed = routes
    .filter(({ index, destination }) => destination !== undefined && isForeign(index))
    .flatMap(({ destination, prefix, index }) =>
      taken(`${destination}/${prefix}`, `a route through ${names.get(index) ?? 'this host'}`, 'route'),
    );
  return [...ours, ...interfaces, ...routed];
}

function taken(text: string | undefined, owner: string, kind: TakenSubnet['kind']): TakenSubnet[] {
  const cidr = text === undefined ? undefined : parseCidr(text);
  return cidr === undefined ? [] : [{ cidr, owner, kind }];
}

/** A container's interfaces: what has to be asked of the kernel, on the host's side and inside. Pure. */
import type { Link, NetlinkOp } from '../host/netlink-ops.ts';
import { isBridged, mtuOf, prefixOf } from './bridges.ts';
import { vethName } from './names.ts';
import type { Lease, NetworkRecord } from './network.ts';

/** A lease and what stands behind it. */
export interface Endpoint {
  readonly lease: Lease;
  readonly record: NetworkRecord;
  /** Interface index of the bridge, or of the parent of a macvlan network. */
  readonly bridge: number;
}

/** Makes the interface, its inner end already in the namespace. */
export function makeOps(
  tag: string,
  containerId: string,
  endpoint: Endpoint,
  namespace: number,
): NetlinkOp[] {
  const { lease, record, bridge } = endpoint;
  const mtu = mtuOf(record);
  const width = mtu === undefined ? {} : { mtu };
  if (!isBridged(record)) {
    const { interfaceName: name, mac } = lease;
    return [{ kind: 'AddMacvlan', name, parent: bridge, mac, namespace, ...width }];
  }
  const name = vethName(tag, containerId, record.id);
  return [
    {
      kind: 'AddVeth',
      name,
      master: bridge,
      peer: { name: lease.interfaceName, mac: lease.mac, namespace },
      ...width,
    },
    ...raise(name, false),
    {
      kind: 'SetBridgePort',
      name,
      hairpin: true,
      isolated: record.driverOptions['com.docker.network.bridge.enable_icc'] === 'false',
    },
  ];
}

/** Inside: everything up, so that the addresses' routes can be. */
export function upOps(endpoints: readonly Endpoint[]): NetlinkOp[] {
  return [
    { kind: 'SetLink', name: 'lo', up: true },
    ...endpoints.flatMap(({ lease }) => raise(lease.interfaceName, lease.ipv6 !== undefined)),
  ];
}

/** In two steps: the kernel gives an interface its fe80:: address as it comes up. */
function raise(name: string, linkLocal: boolean): NetlinkOp[] {
  return [
    { kind: 'SetLink', name, linkLocal },
    { kind: 'SetLink', name, up: true },
  ];
}

/** Inside: addresses, and the way out. @param links the namespace's interfaces, for their indexes */
export function addressOps(endpoints: readonly Endpoint[], links: readonly Link[]): NetlinkOp[] {
  const indexOf = (name: string): number => links.find((link) => link.name === name)?.index ?? 0;
  const addresses = endpoints.flatMap(({ lease, record }): NetlinkOp[] => {
    const index = indexOf(lease.interfaceName);
    return [
      { kind: 'AddAddress', index, address: lease.ipv4, prefix: prefixOf(record.ipv4.subnet) },
      ...(lease.ipv6 === undefined || record.ipv6 === undefined
        ? []
        : [
            { kind: 'AddAddress', index, address: lease.ipv6, prefix: prefixOf(record.ipv6.subnet) } as const,
          ]),
    ];
  });
  const routes = endpoints
    .filter(({ lease }) => lease.defaultRoute)
    .flatMap(({ lease, record }): NetlinkOp[] => {
      const index = indexOf(lease.interfaceName);
      const gateways = [record.ipv4.gateway, ...(lease.ipv6 === undefined ? [] : [record.ipv6?.gateway])];
      return gateways.flatMap((gateway) =>
        gateway === undefined ? [] : [{ kind: 'AddDefaultRoute', gateway, index }],
      );
    });
  return [...addresses, ...routes];
}

/** Takes the host's ends away, and the inner ends with them. */
export function unmakeOps(tag: string, containerId: string, leases: readonly Lease[]): NetlinkOp[] {
  return leases.map(({ networkId }) => ({
    kind: 'DeleteLink',
    name: vethName(tag, containerId, networkId),
  }));
}

/** A container's interfaces: what has to be asked of the kernel, on the host's side and inside. Pure. */
import type { NetlinkOp } from '../host/netlink-ops.ts';
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

/** Inside, first of all: loopback, which the resolver's sockets need. */
export const loopbackUp: readonly NetlinkOp[] = [{ kind: 'SetLink', name: 'lo', up: true }];

/** Inside: the interfaces come up with their addresses, and the way out. @param indexOf an interface's number */
export function insideOps(endpoints: readonly Endpoint[], indexOf: (name: string) => number): NetlinkOp[] {
  return [
    ...endpoints.flatMap((endpoint) => interfaceOps(endpoint, indexOf(endpoint.lease.interfaceName))),
    ...endpoints.flatMap((endpoint) => routeOps(endpoint, indexOf(endpoint.lease.interfaceName))),
  ];
}

function interfaceOps({ lease, record }: Endpoint, index: number): NetlinkOp[] {
  const six = lease.ipv6 === undefined || record.ipv6 === undefined ? undefined : record.ipv6;
  return [
    ...raise(lease.interfaceName, six !== undefined),
    { kind: 'AddAddress', index, address: lease.ipv4, prefix: prefixOf(record.ipv4.subnet) },
    ...(six === undefined || lease.ipv6 === undefined
      ? []
      : [{ kind: 'AddAddress', index, address: lease.ipv6, prefix: prefixOf(six.subnet) } as const]),
  ];
}

function routeOps({ lease, record }: Endpoint, index: number): NetlinkOp[] {
  if (!lease.defaultRoute) return [];
  const gateways = [record.ipv4.gateway, ...(lease.ipv6 === undefined ? [] : [record.ipv6?.gateway])];
  return gateways.flatMap((gateway) =>
    gateway === undefined ? [] : [{ kind: 'AddDefaultRoute', gateway, index } as const],
  );
}

/** In two steps: the kernel gives an interface its fe80:: address as it comes up. */
function raise(name: string, linkLocal: boolean): NetlinkOp[] {
  return [
    { kind: 'SetLink', name, linkLocal },
    { kind: 'SetLink', name, up: true },
  ];
}

/** Takes the host's ends away, and the inner ends with them. */
export function unmakeOps(names: readonly string[]): NetlinkOp[] {
  return names.map((name) => ({ kind: 'DeleteLink', name }));
}

/** The bridge of a network: made, and made again when it is missing. */
import type { Files } from '../host/files.ts';
import type { Netlink } from '../host/netlink.ts';
import type { NetlinkOp } from '../host/netlink-ops.ts';
import { parseCidr } from './cidr.ts';
import type { NetworkKernel } from './kernel.ts';
import { macOfBridge } from './names.ts';
import type { NetworkRecord } from './network.ts';

export function isBridged(record: NetworkRecord): boolean {
  return record.driver === 'bridge';
}

/** Whether ports lead there: an internal network is not reached from outside, and a macvlan has addresses there. */
export function takesPorts(record: NetworkRecord): boolean {
  return isBridged(record) && !record.internal;
}

/** Makes what is missing of the bridge and its addresses. Answers its interface index. */
export async function ensureBridge(
  record: NetworkRecord,
  { kernel, netlink }: { readonly kernel: NetworkKernel; readonly netlink: Netlink },
  files: Files,
): Promise<number> {
  await netlink.apply(bridgeOps(record), ['HOST_EEXIST']);
  const index = kernel.interfaceIndex(record.bridge);
  await Promise.all([
    netlink.apply(bridgeAddressOps(record, index)),
    // For ports published on 127.0.0.1: answers to that address come in through the bridge.
    files.write(`/proc/sys/net/ipv4/conf/${record.bridge}/route_localnet`, '1'),
  ]);
  return index;
}

export function bridgeOps(record: NetworkRecord): NetlinkOp[] {
  const mtu = mtuOf(record);
  return [
    {
      kind: 'AddBridge',
      name: record.bridge,
      mac: macOfBridge(record.id),
      ...(mtu === undefined ? {} : { mtu }),
    },
    { kind: 'SetLink', name: record.bridge, linkLocal: record.ipv6 !== undefined },
    { kind: 'SetLink', name: record.bridge, up: true },
  ];
}

export function bridgeAddressOps(record: NetworkRecord, index: number): NetlinkOp[] {
  return [record.ipv4, ...(record.ipv6 === undefined ? [] : [record.ipv6])].map(({ subnet, gateway }) => ({
    kind: 'AddAddress',
    index,
    address: gateway,
    prefix: prefixOf(subnet),
  }));
}

export function prefixOf(subnet: string): number {
  return parseCidr(subnet)!.prefix;
}

export function mtuOf(record: NetworkRecord): number | undefined {
  const text = record.driverOptions['com.docker.network.driver.mtu'];
  return text === undefined ? undefined : Number(text);
}

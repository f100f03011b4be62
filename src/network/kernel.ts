/** What the network layer asks of the machine, beside files and time: one value, so that tests can play it. */

import type { Duplex } from 'node:stream';
import type { Namespace } from '../host/namespaces.ts';
import { openNamespace } from '../host/namespaces.ts';
import type { Netlink } from '../host/netlink.ts';
import { interfaceIndex, openNetlink } from '../host/netlink.ts';
import { forgetUdpFlows } from '../host/netlink-conntrack.ts';
import { runNft } from '../host/nft.ts';
import type { PortHolder } from '../host/procnet.ts';
import { portHolder } from '../host/procnet.ts';
import type { BindRequest, BoundSocket, Peer, Transport, UdpFlow } from '../host/sockets.ts';
import { bindSocket, connectTcp, connectUdp } from '../host/sockets.ts';

export interface NetworkKernel {
  openNamespace(pid: number): Namespace;
  openNetlink(namespace?: Namespace): Netlink;
  /** 0 when there is no interface of that name. */
  interfaceIndex(name: string, namespace?: Namespace): number;
  /** Runs nftables commands as one transaction. */
  filter(commands: string, purpose: string, namespace?: Namespace): Promise<void>;
  /** Lets UDP clients of the port find their way anew. */
  forgetUdpFlows(port: number): Promise<void>;
  bind(request: BindRequest): BoundSocket;
  connectUdp(to: Peer, namespace?: Namespace): UdpFlow;
  connectTcp(to: Peer, namespace?: Namespace): Duplex;
  portHolder(transport: Transport, port: number): Promise<PortHolder | undefined>;
}

export const systemKernel: NetworkKernel = {
  openNamespace,
  openNetlink,
  interfaceIndex,
  filter: runNft,
  forgetUdpFlows,
  bind: bindSocket,
  connectUdp,
  connectTcp,
  portHolder,
};

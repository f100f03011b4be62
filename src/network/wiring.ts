/** A container's namespace is connected to its networks, and taken off them. */
import { HostError } from '../errors.ts';
import type { Namespace } from '../host/namespaces.ts';
import type { Netlink } from '../host/netlink.ts';
import type { Endpoint } from './endpoint.ts';
import { addressOps, makeOps, unmakeOps, upOps } from './endpoint.ts';
import type { NetworkKernel } from './kernel.ts';
import type { Lease } from './network.ts';

export interface Wiring {
  readonly tag: string;
  readonly kernel: NetworkKernel;
  /** In our own namespace. */
  readonly netlink: Netlink;
}

/** Makes the interfaces and brings them up. Addresses come with `address`, names meanwhile. */
export async function connect(
  { tag, kernel, netlink }: Wiring,
  containerId: string,
  endpoints: readonly Endpoint[],
  namespace: Namespace,
): Promise<Netlink> {
  const inside = kernel.openNetlink(namespace);
  try {
    const make = (some: readonly Endpoint[]): Promise<void> =>
      netlink.apply(some.flatMap((endpoint) => makeOps(tag, containerId, endpoint, namespace.fd)));
    try {
      await make(endpoints);
    } catch (error) {
      if (!(error instanceof HostError && error.code === 'HOST_EEXIST')) throw error;
      const missing = await missingInside(inside, endpoints);
      const stale = missing.map(({ lease }) => lease);
      await netlink.apply(unmakeOps(tag, containerId, stale), goneAlready);
      await make(missing);
    }
    await inside.apply(upOps(endpoints));
    return inside;
  } catch (error) {
    await inside.close();
    throw error;
  }
}

/** Gives the interfaces their addresses and the namespace its way out. */
export async function address(inside: Netlink, endpoints: readonly Endpoint[]): Promise<void> {
  await inside.apply(addressOps(endpoints, await inside.links()));
}

export async function disconnect(
  { tag, netlink }: Pick<Wiring, 'tag' | 'netlink'>,
  containerId: string,
  leases: readonly Lease[],
): Promise<void> {
  await netlink.apply(unmakeOps(tag, containerId, leases), goneAlready);
}

/** The kernel takes a namespace's interfaces away with its last process. */
const goneAlready = ['HOST_ENODEV'];

/** An agent before us may have connected the container; a namespace before this one may have left its veth. */
async function missingInside(inside: Netlink, endpoints: readonly Endpoint[]): Promise<Endpoint[]> {
  const there = await inside.links();
  return endpoints.filter(
    ({ lease }) => !there.some((link) => link.name === lease.interfaceName && link.mac === lease.mac),
  );
}

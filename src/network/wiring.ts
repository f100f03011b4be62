/** A container's namespace is connected to its networks, and taken off them. */
import { HostError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Namespace } from '../host/namespaces.ts';
import type { Netlink } from '../host/netlink.ts';
import { allOf } from '../host/turns.ts';
import type { Endpoint } from './endpoint.ts';
import { insideOps, loopbackUp, makeOps, unmakeOps } from './endpoint.ts';
import type { NetworkKernel } from './kernel.ts';
import { vethName } from './names.ts';
import type { Lease } from './network.ts';

export interface Wiring {
  readonly tag: string;
  readonly kernel: NetworkKernel;
  readonly clock: Clock;
  /** In our own namespace. */
  readonly netlink: Netlink;
}

export interface Connection {
  readonly containerId: string;
  readonly endpoints: readonly Endpoint[];
  readonly namespace: Namespace;
}

/**
 * Makes the interfaces and brings them up with their addresses.
 * @param meanwhile what needs no more of the namespace than its loopback
 */
export async function connect(
  wiring: Wiring,
  connection: Connection,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const { endpoints, namespace } = connection;
  const inside = wiring.kernel.openNetlink(namespace);
  const indexOf = (name: string): number => wiring.kernel.interfaceIndex(name, namespace);
  try {
    await allOf([makeInterfaces(wiring, connection, inside), inside.apply(loopbackUp)]);
    await allOf([inside.apply(insideOps(endpoints, indexOf)), meanwhile()]);
  } finally {
    await inside.close();
  }
}

/** An agent before us may have connected the container; a namespace before this one may have left its veth. */
async function makeInterfaces(
  { tag, netlink }: Wiring,
  { containerId, endpoints, namespace }: Connection,
  inside: Netlink,
): Promise<void> {
  const make = (some: readonly Endpoint[]): Promise<void> =>
    netlink.apply(some.flatMap((endpoint) => makeOps(tag, containerId, endpoint, namespace.fd)));
  try {
    await make(endpoints);
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'HOST_EEXIST')) throw error;
    const missing = await missingInside(inside, endpoints);
    const stale = missing.map(({ record }) => vethName(tag, containerId, record.id));
    await netlink.apply(unmakeOps(stale), goneAlready);
    await make(missing);
  }
}

async function missingInside(inside: Netlink, endpoints: readonly Endpoint[]): Promise<Endpoint[]> {
  const there = await inside.links();
  return endpoints.filter(
    ({ lease }) => !there.some((link) => link.name === lease.interfaceName && link.mac === lease.mac),
  );
}

/** A container that is off its networks. */
export interface Departed {
  readonly containerId: string;
  readonly leases: readonly Lease[];
}

/**
 * Takes away what the kernel has not: it removes a namespace's interfaces itself, all in one, a moment after its
 * last process; each that is removed singly costs some 15 ms under the kernel's lock.
 * @param departed asked anew at each look
 */
export async function disconnect(
  { tag, netlink, kernel, clock }: Wiring,
  departed: () => readonly Departed[],
): Promise<void> {
  const left = (): string[] =>
    departed()
      .flatMap(({ containerId, leases }) =>
        leases.map(({ networkId }) => vethName(tag, containerId, networkId)),
      )
      .filter((name) => kernel.interfaceIndex(name) !== 0);
  // The kernel removes the interfaces of many dead namespaces in one go; one by one costs 15 ms each.
  const deadline = clock.monotonic() + kernelPatienceMs;
  while (left().length > 0 && clock.monotonic() < deadline) await clock.sleep(lookMs);
  // Nothing may come between this look and the request: the kernel gets requests in the order they were made.
  const survivors = left();
  if (survivors.length > 0) await netlink.apply(unmakeOps(survivors), goneAlready);
}

const kernelPatienceMs = 500;
const lookMs = 4;

const goneAlready = ['HOST_ENODEV'];

/** Who has which address. Pure memory: what must outlive the agent is kept with the containers. */
import { TscomposeError } from '../errors.ts';
import type { Family } from './cidr.ts';
import { contains, formatAddress, parseAddress } from './cidr.ts';
import { macOfAddress, parseMac } from './names.ts';
import type { Lease, LeaseRequest, NetworkRecord } from './network.ts';
import { type AddressRange, fixedAddress, nextFree, outside, rangesOf } from './ranges.ts';

export interface Holder {
  readonly containerId: string;
  readonly containerName: string;
  readonly leases: readonly Lease[];
}

export interface LeaseBook {
  addNetwork(record: NetworkRecord): void;
  removeNetwork(id: string): void;
  /** @throws TscomposeError as `NetworkManager.lease` has it; nothing is held then */
  lease(request: LeaseRequest): readonly Lease[];
  /** Holds one address and nothing else, for a container that is only thought of. @throws as `lease` does */
  claim(network: string, address: string, containerName: string): void;
  restore(containerId: string, containerName: string, leases: readonly Lease[]): void;
  release(containerId: string): void;
  get(containerId: string): Holder | undefined;
  /** Containers that hold an address on the network. */
  holders(networkId: string): readonly Holder[];
}

type NetworkWish = LeaseRequest['networks'][number];

export function createLeaseBook(): LeaseBook {
  const networks = new Map<string, Space>();
  const containers = new Map<string, Holder>();

  const spaceNamed = (name: string): Space => {
    const space = [...networks.values()].find(({ record }) => record.name === name);
    if (space !== undefined) return space;
    throw new TscomposeError('NETWORK_UNKNOWN', `there is no network ${name}`);
  };
  const free = (containerId: string): void => {
    for (const lease of containers.get(containerId)?.leases ?? []) networks.get(lease.networkId)?.free(lease);
    containers.delete(containerId);
  };
  const hold = (holder: Holder): void => {
    containers.set(holder.containerId, holder);
    for (const lease of holder.leases) networks.get(lease.networkId)?.hold(lease, holder.containerName);
  };

  return {
    addNetwork: (record) => void networks.set(record.id, createSpace(record)),
    removeNetwork: (id) => void networks.delete(id),
    lease: (request) => {
      const before = containers.get(request.containerId);
      free(request.containerId);
      const { containerId, containerName } = request;
      const leases: Lease[] = [];
      try {
        const interfaceNames = namesOfInterfaces(request.networks);
        for (const [index, wish] of request.networks.entries()) {
          const space = spaceNamed(wish.network);
          const kept = before?.leases.find(({ networkId }) => networkId === space.record.id);
          const lease = leaseOf(wish, space, interfaceNames[index]!, kept);
          space.hold(lease, containerName);
          leases.push(lease);
        }
      } catch (error) {
        for (const lease of leases) networks.get(lease.networkId)?.free(lease);
        if (before !== undefined) hold(before);
        throw error;
      }
      const routed = withDefaultRoute(leases, request, networks);
      containers.set(containerId, { containerId, containerName, leases: routed });
      return routed;
    },
    claim: (network, address, containerName) => spaceNamed(network).claim(address, containerName),
    restore: (containerId, containerName, leases) => {
      free(containerId);
      hold({ containerId, containerName, leases });
      for (const lease of leases) networks.get(lease.networkId)?.resume(lease);
    },
    release: free,
    get: (containerId) => containers.get(containerId),
    holders: (networkId) =>
      [...containers.values()].filter(({ leases }) => leases.some((lease) => lease.networkId === networkId)),
  };
}

/** Who asks for none gets `eth0`, `eth1`, … in turn, but for those that others have asked for. */
function namesOfInterfaces(wishes: readonly NetworkWish[]): string[] {
  const chosen = new Set(wishes.flatMap(({ interfaceName }) => interfaceName ?? []));
  const usual = Array.from({ length: 2 * wishes.length }, (_, index) => `eth${index}`);
  const free = usual.filter((name) => !chosen.has(name)).values();
  return wishes.map(({ interfaceName }) => interfaceName ?? free.next().value!);
}

function leaseOf(wish: NetworkWish, space: Space, interfaceName: string, kept: Lease | undefined): Lease {
  const ipv4 =
    wish.ipv4Address === undefined ? (kept?.ipv4 ?? space.next(4)) : space.fixed(4, wish.ipv4Address);
  const ipv6 = space.record.ipv6 === undefined ? undefined : sixOf(wish, space, kept);
  if (ipv6 === undefined && wish.ipv6Address !== undefined)
    throw outside(space.record.name, wish.ipv6Address, 'the network has no IPv6');
  return {
    networkId: space.record.id,
    networkName: space.record.name,
    ipv4,
    ...(ipv6 === undefined ? {} : { ipv6 }),
    mac: macFor(wish, ipv4),
    interfaceName,
    names: wish.names,
    defaultRoute: false,
  };
}

function sixOf(wish: NetworkWish, space: Space, kept: Lease | undefined): string {
  return wish.ipv6Address === undefined ? (kept?.ipv6 ?? space.next(6)) : space.fixed(6, wish.ipv6Address);
}

function macFor(wish: NetworkWish, ipv4: string): string {
  if (wish.macAddress === undefined) return macOfAddress(ipv4);
  const mac = parseMac(wish.macAddress);
  if (mac !== undefined) return mac;
  throw new TscomposeError(
    'NETWORK_MAC_INVALID',
    `"${wish.macAddress}" is no hardware address of an interface`,
    {
      hint: 'write six pairs of hexadecimal digits with an even first one, such as 02:42:ac:11:00:02',
    },
  );
}

/** The highest gateway priority wins, among equals the first in alphabetical order; an internal network leads nowhere. */
function withDefaultRoute(
  leases: readonly Lease[],
  request: LeaseRequest,
  networks: ReadonlyMap<string, Space>,
): Lease[] {
  const priority = ({ networkName }: Lease): number =>
    request.networks.find(({ network }) => network === networkName)?.gatewayPriority ?? 0;
  const [best] = leases
    .filter(({ networkId }) => networks.get(networkId)?.record.internal === false)
    .sort((a, b) => priority(b) - priority(a) || (a.networkName < b.networkName ? -1 : 1));
  return leases.map((lease) => ({ ...lease, defaultRoute: lease === best }));
}

/** The addresses of one network. */
interface Space {
  readonly record: NetworkRecord;
  /** @throws TscomposeError `NETWORK_FULL` */
  next(family: Family): string;
  /** @throws TscomposeError `NETWORK_ADDRESS_OUTSIDE`, `NETWORK_ADDRESS_IN_USE` */
  fixed(family: Family, text: string): string;
  hold(lease: Lease, containerName: string): void;
  claim(text: string, containerName: string): void;
  /** Goes on choosing behind this address, as the agent did that gave it. */
  resume(lease: Lease): void;
  free(lease: Lease): void;
}

function createSpace(record: NetworkRecord): Space {
  const ranges = rangesOf(record);
  const rangeFor = (family: Family): AddressRange | undefined =>
    ranges.find(({ subnet }) => subnet.family === family);
  const each = (lease: Lease, act: (range: AddressRange, value: bigint) => void): void => {
    for (const text of [lease.ipv4, lease.ipv6]) {
      const address = text === undefined ? undefined : parseAddress(text);
      const range = address === undefined ? undefined : rangeFor(address.family);
      if (address !== undefined && range !== undefined) act(range, address.value);
    }
  };
  return {
    record,
    next: (family) => {
      const range = rangeFor(family);
      const value = range === undefined ? undefined : nextFree(range);
      if (range !== undefined && value !== undefined) {
        range.cursor = value;
        return formatAddress({ family, value });
      }
      throw new TscomposeError('NETWORK_FULL', `network ${record.name} has no free address left`, {
        hint: 'remove containers, or give the network a larger subnet',
      });
    },
    fixed: (family, text) => fixedAddress(record.name, rangeFor(family), text),
    hold: (lease, containerName) =>
      each(lease, (range, value) => {
        range.held.set(value, containerName);
      }),
    claim: (text, containerName) => {
      const range = rangeFor(text.includes(':') ? 6 : 4);
      const address = parseAddress(fixedAddress(record.name, range, text));
      if (address !== undefined) range?.held.set(address.value, containerName);
    },
    resume: (lease) =>
      each(lease, (range, value) => {
        const isDynamic = contains(range.dynamic, { family: range.dynamic.family, value });
        if (isDynamic && value > range.cursor) range.cursor = value;
      }),
    free: (lease) => each(lease, (range, value) => range.held.delete(value)),
  };
}

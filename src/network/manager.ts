/** The network layer as a whole: records on disk, objects in the kernel, leases, ports and names in memory. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import type { NetlinkOp } from '../host/netlink-ops.ts';
import { objectStore } from '../host/objects.ts';
import { createTurns } from '../host/turns.ts';
import { planAddressing } from './addressing.ts';
import { createAttachments, publishedPorts } from './attachments.ts';
import { ensureBridge, isBridged, takesPorts } from './bridges.ts';
import { createZone } from './dns/zone.ts';
import { bridgeTaken, checkDriver, checkInterface, driverOf, parentUnknown } from './drivers.ts';
import { createFilter } from './filter.ts';
import { createForwarding } from './forwarding.ts';
import type { NetworkKernel } from './kernel.ts';
import { systemKernel } from './kernel.ts';
import { createLeaseBook } from './leases.ts';
import { bridgeName, macOfBridge, tableName, vethPrefix } from './names.ts';
import type { NetworkManager, NetworkRecord, NetworkRequest } from './network.ts';
import { occupiedSubnets } from './occupied.ts';
import { parsePools } from './pools.ts';
import { createPortBook } from './ports.ts';
import { rehearse } from './rehearsal.ts';
import { createResolvers } from './resolvers.ts';
import { filteredNetwork } from './ruleset.ts';

export interface NetworkOptions {
  /** As `TSCOMPOSE_ADDRESS_POOLS` has it: `cidr:size`, comma-separated. Absent or empty: Docker's pools. */
  readonly pools?: string;
  /** The host's resolver configuration. Default `/etc/resolv.conf`. */
  readonly resolvConf?: string;
  /** The machine; tests play it. */
  readonly kernel?: NetworkKernel;
}

export function createNetworkManager(
  host: Host,
  directories: Directories,
  options: NetworkOptions = {},
): NetworkManager {
  const { tag } = directories;
  const kernel = options.kernel ?? systemKernel;
  const pools = parsePools(options.pools);
  const store = objectStore<NetworkRecord>(host.files, join(directories.data, 'networks'), 'network.json');
  const netlink = kernel.openNetlink();
  const filter = createFilter(kernel, tableName(tag));
  const leases = createLeaseBook();
  const ports = createPortBook(kernel);
  const zone = createZone();
  const resolvConf = options.resolvConf ?? '/etc/resolv.conf';
  const resolvers = createResolvers(kernel, host.files, { zone, resolvConf });
  const records = new Map<string, NetworkRecord>();
  const bridges = new Map<string, number>();
  const turns = createTurns();
  const attachments = createAttachments({
    wiring: { tag, kernel, netlink, clock: host.clock },
    zone,
    resolvers,
    filter,
    network: (id) => {
      const record = [...records.values()].find((one) => one.id === id);
      if (record === undefined) return undefined;
      const bridge = isBridged(record) ? bridges.get(id) : parentIndex(record, kernel);
      return bridge === undefined ? undefined : { record, bridge };
    },
    held: ports.held,
  });

  const forwarding = createForwarding({
    files: host.files,
    netlink,
    filter,
    directories,
    isOurs: (name) =>
      [bridgeName(tag, ''), vethPrefix(tag)].some((prefix) => name.startsWith(prefix)) ||
      [...records.values()].some((record) => isBridged(record) && record.bridge === name),
  });

  const hasInterface = (name: string): boolean =>
    kernel.interfaceIndex(name) !== 0 || [...records.values()].some(({ bridge }) => bridge === name);

  /** The one writer of networks: choosing a subnet and noting it must not be interleaved. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => turns.take('networks', work);

  /** Somebody has made an interface of the name that the user chose for our bridge. */
  const isForeign = async ({ id, bridge }: NetworkRecord): Promise<boolean> =>
    bridge !== bridgeName(tag, id) &&
    (await netlink.links()).some(({ name, mac }) => name === bridge && mac !== macOfBridge(id));

  const ensureLink = async (record: NetworkRecord): Promise<void> => {
    if (await isForeign(record)) throw bridgeTaken(record);
    bridges.set(record.id, await ensureBridge(record, { kernel, netlink }, host.files));
  };

  const know = (record: NetworkRecord): void => {
    records.set(record.name, record);
    leases.addNetwork(record);
  };

  const made = async (request: NetworkRequest): Promise<NetworkRecord> => {
    const id = randomBytes(32).toString('hex');
    const driver = driverOf(request);
    const chosen = checkDriver(request);
    if (chosen !== undefined) checkInterface({ name: request.name, driver, bridge: chosen }, hasInterface);
    const taken = await occupiedSubnets(netlink, [...records.values()]);
    const record: NetworkRecord = {
      id,
      name: request.name,
      driver,
      driverOptions: request.driverOptions,
      internal: request.internal,
      labels: request.labels,
      createdAt: host.clock.now(),
      bridge: chosen ?? bridgeName(tag, id),
      ...planAddressing(id, request, pools, taken),
    };
    // On disk first: what the kernel has of ours, a record explains.
    await store.put(id, record);
    know(record);
    return record;
  };

  const removeBridges = async (some: readonly NetworkRecord[]): Promise<void> => {
    const ops: NetlinkOp[] = [];
    for (const record of some)
      if (isBridged(record) && !(await isForeign(record)))
        ops.push({ kind: 'DeleteLink', name: record.bridge });
    await netlink.apply(ops, ['HOST_ENODEV']);
  };

  /** The rule that keeps the machine from being a router goes after its reason. */
  const leaveNothing = async (): Promise<void> => {
    await forwarding.release();
    await filter.drop();
  };

  /** Each deletion waits for the kernel, so they wait side by side. The record goes last: it explains the rest. */
  const forget = async (record: NetworkRecord): Promise<void> => {
    const isLast = records.size === 1;
    await store.rehearseDelete(record.id);
    await Promise.all([
      isLast ? leaveNothing() : filter.removeNetwork(record.bridge),
      removeBridges([record]),
      attachments.reap(),
    ]);
    bridges.delete(record.id);
    await store.delete(record.id);
    records.delete(record.name);
    leases.removeNetwork(record.id);
  };

  const removeStrangers = async (): Promise<void> => {
    const known = new Set([...records.values()].map(({ bridge }) => bridge));
    const strange = (await netlink.links()).filter(
      ({ name }) => name.startsWith(bridgeName(tag, '')) && !known.has(name),
    );
    await netlink.apply(
      strange.map(({ name }) => ({ kind: 'DeleteLink', name })),
      ['HOST_ENODEV'],
    );
  };

  return {
    open: () =>
      alone(async () => {
        await store.sweep();
        for (const { value } of await store.list()) know(value);
        await removeStrangers();
        await forwarding.open();
        if (records.size === 0) return leaveNothing();
        for (const record of [...records.values()].filter(isBridged)) {
          // Who wants the network is told; the others have theirs.
          if (await isForeign(record)) continue;
          await ensureLink(record);
          filter.recallNetwork(filteredNetwork(record));
        }
        for (const record of [...records.values()])
          if (bridges.has(record.id)) await forwarding.ensure(record);
      }),
    create: (request) =>
      alone(async () => {
        const record = records.get(request.name) ?? (await made(request));
        try {
          if (isBridged(record)) {
            await ensureLink(record);
            await filter.addNetwork(filteredNetwork(record));
            await forwarding.ensure(record);
          } else parentIndex(record, kernel);
        } catch (error) {
          if (leases.holders(record.id).length === 0) await forget(record);
          throw error;
        }
        return record;
      }),
    refusals: async (rehearsal) => {
      const standing = [...records.values()];
      const taken = await occupiedSubnets(netlink, standing);
      const dropped = rehearsal.dropped.map((name) => `network ${name}`);
      const leaving = standing.filter((one) => isBridged(one) && rehearsal.dropped.includes(one.name));
      return rehearse(rehearsal, {
        records: standing,
        holders: standing.flatMap(({ id }) => leases.holders(id)),
        pools,
        taken: taken.filter(({ owner }) => !dropped.includes(owner)),
        hasInterface: (name) => hasInterface(name) && !leaving.some(({ bridge }) => bridge === name),
      });
    },
    remove: (name, evicts = []) =>
      alone(async () => {
        const record = records.get(name);
        if (record === undefined) return;
        const holders = leases.holders(record.id).map(({ containerName }) => containerName);
        const users = holders.filter((holder) => !evicts.includes(holder));
        if (users.length > 0)
          throw new TscomposeError('NETWORK_IN_USE', `network ${name} is in use by ${users.join(', ')}`, {
            hint: 'remove these containers first',
          });
        await forget(record);
      }),
    list: async () => [...records.values()],
    lease: async (request) => leases.lease(request),
    restoreLeases: leases.restore,
    release: leases.release,
    reservePorts: async (containerId, containerName, requests) => {
      // Rules that an agent before us left must not catch what arrives at a port that is free now.
      if (records.size > 0) await filter.settle();
      const on = leases.get(containerId)?.leases.map(({ networkName }) => records.get(networkName));
      const isSecluded = on?.every((record) => record !== undefined && !takesPorts(record)) ?? false;
      return ports.reserve(containerId, containerName, isSecluded ? [] : requests);
    },
    restorePorts: async (containerId, containerName, bindings) => {
      const target = leases.get(containerId)?.leases.find(({ defaultRoute }) => defaultRoute)?.ipv4;
      if (target !== undefined) filter.recallPorts(containerId, publishedPorts({ ports: bindings }, target));
      await ports.restore(containerId, containerName, bindings);
    },
    releasePorts: async (containerId) => ports.release(containerId),
    checkPorts: ports.check,
    attach: attachments.attach,
    detach: (containerId) => attachments.detach(containerId, leases.get(containerId)?.leases ?? []),
    close: () =>
      alone(async () => {
        attachments.letGo();
        await attachments.reap();
        resolvers.close();
        ports.close();
        await removeBridges([...records.values()]);
        await leaveNothing();
        await netlink.close();
      }),
  };
}

/** Where a macvlan network stands. Interfaces of the host come and go: it is looked up each time. */
function parentIndex(record: NetworkRecord, kernel: NetworkKernel): number {
  const index = kernel.interfaceIndex(record.bridge);
  if (index === 0) throw parentUnknown(record);
  return index;
}

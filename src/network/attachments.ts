/** Running containers on their networks: interfaces, names, published ports, and all of it undone. */
import { HostError, TscomposeError } from '../errors.ts';
import type { Namespace } from '../host/namespaces.ts';
import { allOf, createTurns } from '../host/turns.ts';
import { takesPorts } from './bridges.ts';
import type { Zone } from './dns/zone.ts';
import type { Endpoint } from './endpoint.ts';
import type { Filter } from './filter.ts';
import type { Attachment, Lease, NetworkRecord } from './network.ts';
import type { HeldPort } from './ports.ts';
import { relay } from './relay.ts';
import type { Resolvers } from './resolvers.ts';
import type { PublishedPort } from './ruleset.ts';
import type { Departed, Wiring } from './wiring.ts';
import { connect, disconnect } from './wiring.ts';

export interface AttachmentParts {
  readonly wiring: Wiring;
  readonly zone: Zone;
  readonly resolvers: Resolvers;
  readonly filter: Filter;
  /** The network of that id and its bridge's interface index. */
  network(id: string): { readonly record: NetworkRecord; readonly bridge: number } | undefined;
  held(containerId: string): readonly HeldPort[];
}

export interface Attachments {
  attach(attachment: Attachment): Promise<void>;
  /** @param leases of a container that this agent has not attached itself */
  detach(containerId: string, leases: readonly Lease[]): Promise<void>;
  /** Removes the interfaces of detached containers that the kernel has not removed with their namespace. */
  reap(): Promise<void>;
  /** Ends what runs in this process; the kernel's part stays for the next agent. */
  letGo(): void;
}

interface Attached {
  readonly pid: number;
  readonly leases: readonly Lease[];
  /** Undo of what runs in this process, last made first. */
  readonly undo: (() => void)[];
}

/** So long the kernel is given to remove a namespace and its interfaces by itself. */
const graceMs = 100;

export function createAttachments(parts: AttachmentParts): Attachments {
  const attached = new Map<string, Attached>();
  /** Detached a moment ago, and not attached again since. */
  const lingering = new Map<string, Departed>();
  let timer: NodeJS.Timeout | undefined;
  const turns = createTurns();

  const attach = async (attachment: Attachment): Promise<void> => {
    const { containerId, pid, leases } = attachment;
    const before = attached.get(containerId);
    if (before?.pid === pid) return void parts.zone.put(containerId, namesOf(attachment));
    if (before !== undefined) await detach(containerId, before.leases);
    const endpoints = leases.map((lease) => endpointOf(lease, parts));
    const namespace = parts.wiring.kernel.openNamespace(pid);
    const entry: Attached = { pid, leases, undo: [() => namespace.close()] };
    attached.set(containerId, entry);
    lingering.delete(containerId);
    try {
      await connect(parts.wiring, { containerId, endpoints, namespace }, async () => {
        await allOf([
          openResolver(attachment, endpoints, namespace, entry.undo),
          publish(attachment, endpoints, entry.undo),
        ]);
      });
    } catch (error) {
      await detach(containerId, leases);
      throw error;
    }
  };

  const openResolver = async (
    { upstreams }: Attachment,
    endpoints: readonly Endpoint[],
    namespace: Namespace,
    undo: (() => void)[],
  ): Promise<void> => {
    if (endpoints.length === 0) return;
    const ordered = [...endpoints].sort(
      (a, b) => Number(b.lease.defaultRoute) - Number(a.lease.defaultRoute),
    );
    const close = await parts.resolvers.open({
      namespace,
      networkIds: ordered.map(({ record }) => record.id),
      secluded: endpoints.every(({ record }) => record.internal),
      servers: upstreams,
    });
    undo.push(close);
  };

  const publish = async (
    attachment: Attachment,
    endpoints: readonly Endpoint[],
    undo: (() => void)[],
  ): Promise<void> => {
    const { containerId } = attachment;
    parts.zone.put(containerId, namesOf(attachment));
    undo.push(() => parts.zone.remove(containerId));
    const target = reachableAddress(endpoints);
    if (target === undefined) return;
    for (const { relayed, binding } of parts.held(containerId))
      if (relayed !== undefined) undo.push(relay(relayed, binding, target, parts.wiring.kernel));
    await parts.filter.publish(containerId, publishedPorts(attachment, target));
  };

  const detach = async (containerId: string, leases: readonly Lease[]): Promise<void> => {
    const entry = attached.get(containerId);
    attached.delete(containerId);
    for (const step of entry?.undo.reverse() ?? []) step();
    lingering.set(containerId, { containerId, leases: entry?.leases ?? leases });
    timer ??= setTimeout(() => void reap().catch(reapLater), graceMs).unref();
    await parts.filter.unpublish(containerId);
  };

  const reap = (): Promise<void> =>
    turns.take('reap', async () => {
      clearTimeout(timer);
      timer = undefined;
      const gone = [...lingering.values()];
      // A container that starts again meanwhile has interfaces of the same names.
      const stillGone = (): Departed[] => gone.filter((one) => lingering.get(one.containerId) === one);
      await disconnect(parts.wiring, stillGone);
      for (const { containerId } of stillGone()) lingering.delete(containerId);
    });

  return {
    attach: (attachment) => turns.take(attachment.containerId, () => attach(attachment)),
    detach: (containerId, leases) => turns.take(containerId, () => detach(containerId, leases)),
    reap,
    letGo: () => {
      for (const { undo } of attached.values()) for (const step of undo.reverse()) step();
      attached.clear();
    },
  };
}

/** What the kernel refuses to give up now is asked for again with the next container, or when we close. */
function reapLater(error: unknown): void {
  if (!(error instanceof HostError)) throw error;
}

function endpointOf(lease: Lease, parts: AttachmentParts): Endpoint {
  const network = parts.network(lease.networkId);
  if (network !== undefined) return { lease, ...network };
  throw new TscomposeError('NETWORK_UNKNOWN', `there is no network ${lease.networkName} any more`, {
    hint: 'create the container again: "up" does',
  });
}

/** Where published ports lead, if anywhere. */
function reachableAddress(endpoints: readonly Endpoint[]): string | undefined {
  const reachable = endpoints.filter(({ record }) => takesPorts(record));
  return (reachable.find(({ lease }) => lease.defaultRoute) ?? reachable[0])?.lease.ipv4;
}

export function publishedPorts({ ports }: Pick<Attachment, 'ports'>, target: string): PublishedPort[] {
  return ports.map((binding) => ({ binding, address: target }));
}

function namesOf({ containerId, containerName, leases }: Attachment) {
  return leases.map(({ networkId, networkName, ipv4, ipv6, names }) => ({
    containerId,
    containerName,
    networkId,
    networkName,
    ipv4,
    names,
    ...(ipv6 === undefined ? {} : { ipv6 }),
  }));
}

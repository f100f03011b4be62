/** Makes the record of a container: image found, volumes resolved and filled, addresses held. Nothing runs yet. */
import { randomBytes } from 'node:crypto';
import type { Action, ContainerSpec } from '../compose/plan/plan.ts';
import { TscomposeError } from '../errors.ts';
import type { ImageRecord } from '../image/images.ts';
import type { Lease, LeaseRequest } from '../network/network.ts';
import { createAnonymousVolumes } from './anonymous-volumes.ts';
import { commandOf } from './bundle-request.ts';
import type { Entry } from './containers.ts';
import { defaultBridge, onDefaultBridge } from './default-bridge.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Parts } from './parts.ts';
import { populateNew } from './populate.ts';
import type { ContainerRecord, ResolvedMount } from './record.ts';

type CreationWish = Omit<Extract<Action, { kind: 'CreateContainer' }>, 'kind'>;

/**
 * Creates the container, in the place of `replaces` if given: that one is removed once the new record is on disk,
 * and its anonymous volumes go over to the new one. Carried out again, it finds the work done.
 */
export function createContainer(parts: Parts, lifecycle: Lifecycle, wish: CreationWish): Promise<void> {
  return parts.containers.naming.take(wish.container.name, () => createNamed(parts, lifecycle, wish));
}

async function createNamed(
  parts: Parts,
  lifecycle: Lifecycle,
  { container: spec, replaces, evicts = [] }: CreationWish,
): Promise<void> {
  const holder = parts.containers.byName(spec.name);
  if (holder !== undefined && holder.record.id !== replaces?.id) {
    if (isSame(holder.record, spec)) return;
    throw new TscomposeError(
      'CONTAINER_NAME_IN_USE',
      `the container name "${spec.name}" is in use by container ${holder.record.id.slice(0, 12)}`,
      {
        hint: `remove that container, or give this one another name`,
      },
    );
  }
  const image = await parts.images.find(spec.image);
  if (image === undefined) {
    throw new TscomposeError('IMAGE_NOT_FOUND', `the image ${spec.image} is not stored here`, {
      hint: 'pull it, or load it with `tscompose image load`',
    });
  }
  if (commandOf(spec, image.config).length === 0) {
    throw new TscomposeError('COMMAND_MISSING', `no command specified for ${spec.name}`, {
      hint: `the image ${spec.image} has none: give the service a command or an entrypoint`,
    });
  }
  const old = replaces === undefined ? undefined : parts.containers.get(replaces.id);
  const id = parts.containers.newId();
  const mounts = resolveMounts(spec, image, replaces?.keepAnonymousVolumes ? old?.record.mounts : undefined);
  await requireVolumes(parts, mounts, spec);
  const giving = [replaces?.id, ...evicts].flatMap((one) => parts.containers.get(one ?? '') ?? []);
  const leases = await leaseFor(parts, id, spec, giving);
  const record: ContainerRecord = {
    id,
    spec: { ...spec, labels: { ...spec.labels, 'com.docker.compose.image': image.id } },
    imageId: image.id,
    createdAt: parts.host.clock.now(),
    mounts,
    leases,
    status: { kind: 'created' },
    manuallyStopped: false,
    restartCount: 0,
    restartDelayMs: 0,
    restarting: false,
    ...(old === undefined
      ? {}
      : { replaces: { id: old.record.id, removeVolumes: !replaces?.keepAnonymousVolumes } }),
  };
  const entry = await parts.containers.add(record).catch((error: unknown) => {
    parts.networks.release(id);
    holdAgain(parts, giving);
    throw error;
  });
  await createAnonymousVolumes(parts, record);
  if (old !== undefined) await finishReplacement(parts, lifecycle, id);
  await populateNew(parts, entry);
}

/** The second half of a replacement; also done when an agent opens and finds it unfinished. */
export async function finishReplacement(parts: Parts, lifecycle: Lifecycle, id: string): Promise<void> {
  const entry = parts.containers.get(id);
  if (entry?.record.replaces === undefined) return;
  const { id: oldId, removeVolumes } = entry.record.replaces;
  const old = parts.containers.get(oldId);
  if (old !== undefined) await lifecycle.remove(old, { force: true, volumes: removeVolumes });
  await parts.containers.forget(entry, 'replaces');
}

function isSame(record: ContainerRecord, spec: ContainerSpec): boolean {
  const hash = 'com.docker.compose.config-hash';
  return record.spec.project === spec.project && record.spec.labels[hash] === spec.labels[hash];
}

/**
 * The service's mounts, then an anonymous volume for each path of the image's `VOLUME` that nothing covers.
 * A path that had an anonymous volume in `carriedOver` keeps it.
 */
export function resolveMounts(
  spec: ContainerSpec,
  image: ImageRecord,
  carriedOver: readonly ResolvedMount[] = [],
): ResolvedMount[] {
  const anonymous = (target: string, readOnly: boolean, nocopy: boolean): ResolvedMount => {
    const before = carriedOver.find(
      (mount) => mount.type === 'volume' && mount.anonymous && mount.target === target,
    );
    const volume = before?.type === 'volume' ? before.volume : randomBytes(32).toString('hex');
    return { type: 'volume', volume, anonymous: true, target, readOnly, nocopy };
  };
  const asked = spec.mounts.map((mount): ResolvedMount => {
    if (mount.type !== 'volume') return mount;
    if (mount.name === undefined) return anonymous(mount.target, mount.readOnly, mount.nocopy);
    const { name, type, ...rest } = mount;
    return { type, volume: name, anonymous: false, ...rest };
  });
  const covered = new Set([...spec.mounts, ...spec.files].map(({ target }) => target.replace(/\/+$/, '')));
  const fromImage = image.config.volumes.filter((target) => !covered.has(target.replace(/\/+$/, '')));
  return [...asked, ...fromImage.map((target) => anonymous(target, false, false))];
}

async function requireVolumes(
  parts: Parts,
  mounts: readonly ResolvedMount[],
  spec: ContainerSpec,
): Promise<void> {
  for (const mount of mounts) {
    if (mount.type !== 'volume' || mount.anonymous) continue;
    if ((await parts.volumes.get(mount.volume)) !== undefined) continue;
    throw new TscomposeError('VOLUME_UNKNOWN', `the volume ${mount.volume} of ${spec.name} does not exist`);
  }
}

/** The addresses of containers that are replaced are free for those that take their places. */
async function leaseFor(
  parts: Parts,
  id: string,
  spec: ContainerSpec,
  giving: readonly Entry[],
): Promise<readonly Lease[]> {
  const networks = endpointsOf(spec);
  if (networks.length === 0) return [];
  const request = { containerId: id, containerName: spec.name, networks: networks.map(withShortId(id)) };
  if (spec.networkMode.kind === 'bridge')
    return onDefaultBridge(parts.networks, () => parts.networks.lease(request));
  for (const { record } of giving) parts.networks.release(record.id);
  try {
    return await parts.networks.lease(request);
  } catch (error) {
    holdAgain(parts, giving);
    throw error;
  }
}

/** Unless it is gone, or a new container has the address by now. */
function holdAgain({ networks, containers }: Parts, gave: readonly Entry[]): void {
  const others = containers.all().filter((entry) => !gave.includes(entry));
  const taken = new Set(others.flatMap(({ record }) => record.leases.map(({ ipv4 }) => ipv4)));
  for (const { record } of gave) {
    if (containers.get(record.id) === undefined || record.leases.some(({ ipv4 }) => taken.has(ipv4)))
      continue;
    networks.restoreLeases(record.id, record.spec.name, record.leases);
  }
}

/** Only the engine knows the id, by whose short form a container answers too. */
function withShortId(id: string) {
  return (network: LeaseRequest['networks'][number]): LeaseRequest['networks'][number] => ({
    ...network,
    names: network.network === defaultBridge ? [] : [...network.names, id.slice(0, 12)],
  });
}

export function endpointsOf(spec: ContainerSpec): LeaseRequest['networks'] {
  if (spec.networkMode.kind === 'bridge') return [{ network: defaultBridge, names: [], gatewayPriority: 0 }];
  if (spec.networkMode.kind !== 'networks') return [];
  return spec.networks.map(({ network, aliases, ...rest }) => ({ network, names: aliases, ...rest }));
}

/** Volumes without a name of their own: they come and go with their container, and crashes leave none behind. */
import type { Parts } from './parts.ts';
import type { ContainerRecord, ResolvedMount } from './record.ts';

/**
 * Makes those that the container's record names and that are not there. The record is written first, so that
 * there is never a volume that no record explains; whoever starts the container makes what a crash kept from being made.
 */
export async function createAnonymousVolumes(
  { volumes }: Pick<Parts, 'volumes'>,
  { mounts, spec }: Pick<ContainerRecord, 'mounts' | 'spec'>,
): Promise<void> {
  const labels = { 'com.docker.compose.project': spec.project, 'com.docker.volume.anonymous': '' };
  for (const name of anonymousOf(mounts))
    await volumes.create({ name, driver: 'local', driverOptions: {}, labels, anonymous: true });
}

/** Removes the container's, except those that another container has taken over. */
export async function removeAnonymousVolumes(parts: Parts, record: ContainerRecord): Promise<void> {
  const others = parts.containers.all().filter((entry) => entry.record.id !== record.id);
  const kept = new Set(others.flatMap(({ record: { mounts } }) => anonymousOf(mounts)));
  const own = anonymousOf(record.mounts).filter((name) => !kept.has(name));
  await Promise.all(own.map((name) => parts.volumes.remove(name)));
}

function anonymousOf(mounts: readonly ResolvedMount[]): string[] {
  return mounts.flatMap((mount) => (mount.type === 'volume' && mount.anonymous ? [mount.volume] : []));
}

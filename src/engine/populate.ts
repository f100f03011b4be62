/**
 * Filling a container's volumes: Docker does it when the container is created, and never again. What runs afterwards
 * may change owners, or empty a volume on purpose.
 * @see moby, daemon/create_unix.go, populateVolumes
 */
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';
import type { ResolvedMount } from './record.ts';
import { mountRootfs } from './rootfs.ts';

/** For a container that was just created: mounts its root file system for as long as that takes. */
export async function populateNew(parts: Parts, entry: Entry): Promise<void> {
  if (!entry.record.mounts.some(isFilled)) return;
  try {
    await populateFrom(parts, entry, await mountRootfs(parts, entry.record));
  } finally {
    await parts.runtime.delete(entry.record.id);
  }
}

/** For one that is about to start: its creation may have been cut short. */
export async function populateFrom(parts: Parts, entry: Entry, rootfs: string): Promise<void> {
  const { record } = entry;
  const mounts = record.mounts.filter(isFilled);
  if (record.populated || mounts.length === 0) return;
  for (const { volume, target } of mounts) await parts.volumes.copyUp(volume, rootfs, target);
  await parts.containers.change(entry, { populated: true });
}

function isFilled(mount: ResolvedMount): mount is Extract<ResolvedMount, { type: 'volume' }> {
  return mount.type === 'volume' && !mount.nocopy && mount.subpath === undefined;
}

/**
 * Docker's rule for new volumes: an empty volume gets what the image has at that place, the directory's own owner
 * and mode included. A marker beside the data says that a copy is under way, so that one cut short is done again.
 */
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { resolveInRoot } from '../host/rooted.ts';

export interface CopyUp {
  /** The volume's data directory. */
  readonly data: string;
  /** The volume's own directory, where the marker lies. */
  readonly volume: string;
  readonly rootfs: string;
  /** Path in the container. */
  readonly target: string;
}

export async function copyUp(host: Host, { data, volume, rootfs, target }: CopyUp): Promise<void> {
  const marker = join(volume, 'copying');
  const [content, wasCutShort] = await Promise.all([host.files.list(data), host.files.lstat(marker)]);
  if (content.length > 0 && wasCutShort === undefined) return;

  const source = await resolveInRoot(rootfs, target);
  if (source === undefined || !(await host.files.stat(source))?.isDirectory()) return;

  await host.files.writeAtomic(marker, `${target}\n`);
  // cp knows owners, modes, times, extended attributes, symbolic and hard links, and devices; -T copies onto the directory itself.
  await host.run(['cp', '--archive', '--no-target-directory', '--', source, data], {
    purpose: `fill the volume with what the image has at ${target}`,
  });
  await host.files.remove(marker);
}

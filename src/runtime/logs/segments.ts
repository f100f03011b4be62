/** A log and its rotated predecessors: `container.log.2`, `container.log.1`, `container.log`, oldest first. */
import { basename, dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { type OpenFile, openFile } from '../../host/random-access.ts';

export async function logSegments(host: Host, path: string): Promise<string[]> {
  const name = basename(path);
  const entries = await host.files.list(dirname(path));
  const rotated = entries
    .flatMap((entry) => {
      const number = entry.name.startsWith(`${name}.`) ? entry.name.slice(name.length + 1) : '';
      return /^\d+$/.test(number) ? [Number(number)] : [];
    })
    .sort((one, other) => other - one);
  const own = entries.some((entry) => entry.name === name) ? [name] : [];
  return [...rotated.map((number) => `${name}.${number}`), ...own].map((file) => join(dirname(path), file));
}

/**
 * Opens the segment after the one with that inode, however often the files were renamed since;
 * the oldest, when that one has been removed. `undefined` when it is still the newest.
 */
export async function openNextSegment(
  host: Host,
  path: string,
  inode: number,
): Promise<OpenFile | undefined> {
  const segments = await logSegments(host, path);
  const inodes = await Promise.all(segments.map(async (segment) => (await host.files.stat(segment))?.ino));
  const at = inodes.indexOf(inode);
  const next = segments[at + 1];
  if (next === undefined) return undefined;
  const file = await openFile(next);
  // Renamed between looking and opening: the next look finds it by its inode.
  if (file === undefined || file.inode === inodes[at + 1]) return file;
  await file.close();
  return undefined;
}

/** Renames every segment one number up, the current one to `.1`; those beyond `keep` go. */
export async function rotateSegments(host: Host, path: string, keep: number): Promise<void> {
  const oldestFirst = await logSegments(host, path);
  for (const segment of oldestFirst) {
    const number = segment === path ? 0 : Number(segment.slice(path.length + 1));
    if (number >= keep) await host.files.remove(segment);
    else await host.files.rename(segment, `${path}.${number + 1}`);
  }
}

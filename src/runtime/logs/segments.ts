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

/** Every segment, oldest first. A rotation between looking and opening would leave one out: then it is done again. */
export async function openSegments(host: Host, path: string): Promise<OpenFile[]> {
  while (true) {
    const chain = await stableChain(host, path);
    const files = await Promise.all(chain.map((segment) => openFile(segment.path)));
    const opened = files.filter((file) => file !== undefined);
    if (chain.every(({ inode }, at) => files[at]?.inode === inode)) return opened;
    await Promise.all(opened.map((file) => file.close()));
  }
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
  const newest = await host.files.stat(path);
  // Absent: renamed, and conmon has not opened the new file yet.
  if (newest === undefined || newest.ino === inode) return undefined;
  const chain = await stableChain(host, path);
  const next = chain[chain.findIndex((segment) => segment.inode === inode) + 1];
  const file = next === undefined ? undefined : await openFile(next.path);
  if (file === undefined || file.inode === next?.inode) return file;
  // Renamed between looking and opening: the next look finds it by its inode.
  await file.close();
  return undefined;
}

interface Segment {
  readonly path: string;
  readonly inode: number;
}

/** The chain as it is at one moment: looked at until two looks agree, for a rotation renames one file after another. */
async function stableChain(host: Host, path: string): Promise<Segment[]> {
  let before = await chainOf(host, path);
  while (true) {
    const now = await chainOf(host, path);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

async function chainOf(host: Host, path: string): Promise<Segment[]> {
  const paths = await logSegments(host, path);
  const stats = await Promise.all(paths.map((segment) => host.files.stat(segment)));
  return paths.flatMap((segment, at) => {
    const inode = stats[at]?.ino;
    return inode === undefined ? [] : [{ path: segment, inode }];
  });
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

/**
 * Small work on tmpfs and on the kernel's own file systems, done at once: it takes microseconds, which the way through
 * one of Node's threads makes a tenth of a millisecond. On disks, where a call may wait, only for who has nothing else
 * to do meanwhile.
 */
import {
  type Dirent,
  lstatSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { asHostError, hasCode } from './files.ts';

/** Names with their types; empty when there is no such directory. */
export function listNow(path: string): Dirent[] {
  return unlessAbsent(path, [], () => readdirSync(path, { withFileTypes: true }));
}

export function lstatNow(path: string): Stats | undefined {
  return unlessAbsent(path, undefined, () => lstatSync(path));
}

export function statNow(path: string): Stats | undefined {
  return unlessAbsent(path, undefined, () => statSync(path));
}

export function readTextNow(path: string): string | undefined {
  return unlessAbsent(path, undefined, () => readFileSync(path, 'utf8'));
}

/** The file or the whole tree; absent is fine. */
export function removeNow(path: string): void {
  if (lstatNow(path)?.isDirectory()) removeTreeNow(path);
  else unlessAbsent(path, undefined, () => unlinkSync(path));
}

function removeTreeNow(path: string): void {
  for (const entry of listNow(path)) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) removeTreeNow(inside);
    else unlessAbsent(inside, undefined, () => unlinkSync(inside));
  }
  unlessAbsent(path, undefined, () => rmdirSync(path));
}

/** False when something is still in it, or uses it. */
export function removeDirectoryNow(path: string): boolean {
  return unlessAbsent(path, true, () => {
    try {
      rmdirSync(path);
      return true;
    } catch (error) {
      if (hasCode(error, ['EBUSY', 'ENOTEMPTY'])) return false;
      throw error;
    }
  });
}

/** ENODEV: a control group that has just gone. */
function unlessAbsent<T>(path: string, absent: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR', 'ENODEV'])) return absent;
    throw asHostError(`look at or remove ${path}`, error);
  }
}

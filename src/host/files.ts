/** Files and directories. Paths are absolute, resolved by the caller. */
import type { Dirent, FSWatcher, Stats } from 'node:fs';
// This way they are loaded when the first of them is used, and not before.
import { promises as fs, watch as watchPath } from 'node:fs';
import { dirname, join } from 'node:path';
import { HostError, TscomposeError } from '../errors.ts';

export interface Files {
  /** The text, or `undefined` when there is no such file. */
  readText(path: string): Promise<string | undefined>;
  readBytes(path: string): Promise<Buffer | undefined>;
  /**
   * Replaces the file whole: temporary file, fsync, rename, fsync of the directory.
   * A crash at any instruction leaves the old or the new content.
   */
  writeAtomic(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  /** Plain write, for files on tmpfs that need not outlive a crash. */
  write(path: string, content: string | Uint8Array, mode?: number): Promise<void>;
  makeDirectory(path: string, mode?: number): Promise<void>;
  /** Removes the file or the whole tree; absent is fine. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  /** Names with their types; empty when there is no such directory. */
  list(path: string): Promise<Dirent[]>;
  stat(path: string): Promise<Stats | undefined>;
  lstat(path: string): Promise<Stats | undefined>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  chmod(path: string, mode: number): Promise<void>;
  realpath(path: string): Promise<string | undefined>;
  /**
   * Calls back with the name of whatever changes directly in the directory, until closed. `undefined` when the kernel
   * has no watches left, which all of a user's processes share: who watches looks by himself now and again.
   */
  watch(directory: string, onChange: (name: string) => void): FSWatcher | undefined;
}

export const systemFiles: Files = {
  readText: (path) => absentAs(undefined, fs.readFile(path, 'utf8')),
  readBytes: (path) => absentAs(undefined, fs.readFile(path)),
  writeAtomic,
  write: async (path, content, mode) => {
    await refused(`write ${path}`, fs.writeFile(path, content, mode === undefined ? {} : { mode }));
  },
  makeDirectory: (path, mode) =>
    refused(`create the directory ${path}`, makeDirectory(path, mode === undefined ? {} : { mode })),
  remove: (path) => refused(`remove ${path}`, remove(path)),
  rename: (from, to) => refused(`rename ${from} to ${to}`, fs.rename(from, to)),
  symlink: (target, path) => refused(`link ${path} to ${target}`, fs.symlink(target, path)),
  list: (path) => absentAs([], fs.readdir(path, { withFileTypes: true })),
  stat: (path) => absentAs(undefined, fs.stat(path)),
  lstat: (path) => absentAs(undefined, fs.lstat(path)),
  chown: (path, uid, gid) => refused(`change the owner of ${path}`, fs.chown(path, uid, gid)),
  chmod: (path, mode) => refused(`change the mode of ${path}`, fs.chmod(path, mode)),
  realpath: (path) => absentAs(undefined, fs.realpath(path)),
  watch,
};

/** As `fs.rm`, which asks about every entry up to three times before it removes it. */
async function remove(path: string, isDirectory = false): Promise<void> {
  try {
    if (isDirectory) await removeTree(path);
    else await fs.unlink(path);
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return;
    if (isDirectory || errnoOf(error) !== 'EISDIR') throw error;
    await remove(path, true);
  }
}

async function removeTree(path: string): Promise<void> {
  const entries = await fs.readdir(path, { withFileTypes: true });
  // As many at once as keep the threads busy; a tree may have millions of entries.
  for (let at = 0; at < entries.length; at += removedAtOnce)
    await Promise.all(
      entries
        .slice(at, at + removedAtOnce)
        .map((entry) => remove(join(path, entry.name), entry.isDirectory())),
    );
  await fs.rmdir(path);
}

const removedAtOnce = 16;

function watch(directory: string, onChange: (name: string) => void): FSWatcher | undefined {
  try {
    const watcher = watchPath(directory, (_event, name) => {
      if (name !== null) onChange(name);
    });
    // Without a listener the error would end the process; a watch that breaks is as good as none.
    return watcher.on('error', () => watcher.close());
  } catch (error) {
    if (hasCode(error, ['EMFILE', 'ENOSPC'])) return undefined;
    throw asHostError(`watch ${directory}`, error);
  }
}

/** Node's own way of making parents says ENOENT where the file system is read-only: a plain attempt says why. */
async function makeDirectory(path: string, options: { readonly mode?: number }): Promise<void> {
  try {
    await fs.mkdir(path, { recursive: true, ...options });
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    const parent = dirname(path);
    if (parent !== path) await makeDirectory(parent, options);
    await fs.mkdir(path, options);
  }
}

async function writeAtomic(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const temporary = `${path}.${process.pid}.${++writes}.tmp`;
  try {
    const file = await fs.open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw asHostError(`write ${path}`, error);
  }
}

let writes = 0;

/** The rename itself is only durable once the directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await fs.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function absentAs<T, A>(absent: A, work: Promise<T>): Promise<T | A> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return absent;
    throw asHostError('read', error);
  }
}

async function refused<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asHostError(what, error);
  }
}

/** Whether the kernel refused with one of these. */
export function hasCode(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(errnoOf(error) ?? '');
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space on that file system and run the same command again',
  EROFS: 'the file system is read-only; set TSCOMPOSE_ROOT to a writable directory',
  EACCES: 'no permission; run as root or set TSCOMPOSE_ROOT to a directory of yours',
  EPERM: 'no permission; run as root or set TSCOMPOSE_ROOT to a directory of yours',
};

/** Turns a refusal of the kernel into an error that says what was being tried. */
export function asHostError(what: string, error: unknown): Error {
  const errno = errnoOf(error);
  if (errno === undefined || error instanceof TscomposeError) return error as Error;
  const hint = hints[errno];
  return new HostError(`HOST_${errno}`, `cannot ${what}: ${(error as Error).message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

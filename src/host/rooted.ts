/**
 * Paths inside a root file system that may be hostile: every symbolic link is followed as a process whose
 * root it is would follow it, so that no path leads outside. The kernel does the walking, in one call.
 * @see openat2(2), RESOLVE_IN_ROOT
 */
import { constants } from 'node:fs';
import { type FileHandle, open, readlink, stat } from 'node:fs/promises';
import { checked, native } from './libc.ts';

/**
 * Finds the file that the root's own processes see under that path, without opening it for reading. The caller
 * closes the descriptor. Absent, or no directory on the way: `undefined`.
 */
export async function findInRoot(root: string, path: string): Promise<RootedFile | undefined> {
  const handle = await openDirectory(root);
  if (handle === undefined) return undefined;
  try {
    const fd = openAt(handle.fd, path);
    return fd === undefined ? undefined : { fd, path: `/proc/self/fd/${fd}` };
  } finally {
    await handle.close();
  }
}

export interface RootedFile {
  readonly fd: number;
  /** Names the file itself, whatever has become of its path since. */
  readonly path: string;
}

/** Where a path inside the root lies on the host, links resolved; `undefined` when it does not exist. */
export async function resolveInRoot(root: string, path: string): Promise<string | undefined> {
  const file = await findInRoot(root, path);
  if (file === undefined) return undefined;
  try {
    return await readlink(file.path);
  } finally {
    closeDescriptor(file.fd);
  }
}

/** The first `limit` bytes of a regular file inside the root; `undefined` when there is none. */
export async function readInRoot(root: string, path: string, limit = 1 << 20): Promise<Buffer | undefined> {
  const file = await findInRoot(root, path);
  if (file === undefined) return undefined;
  let handle: FileHandle | undefined;
  try {
    // Looked at before it is opened: opening a device or a pipe can have effects.
    if (!(await stat(file.path)).isFile()) return undefined;
    handle = await open(file.path, 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(limit), 0, limit, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle?.close();
    closeDescriptor(file.fd);
  }
}

export function closeDescriptor(fd: number): void {
  native('libc.so.6', 'int close(int fd)')(fd);
}

/** Only names the file: needs no right to read it. */
const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;
/** The same number on every architecture. */
const SYS_openat2 = 437;
const RESOLVE_NO_MAGICLINKS = 0x02n;
const RESOLVE_IN_ROOT = 0x10n;

function openAt(root: number, path: string): number | undefined {
  const openat2 = native(
    'libc.so.6',
    'long syscall(long number, int root, const char *path, void *how, size_t size)',
  );
  const how = Buffer.alloc(24);
  how.writeBigUInt64LE(BigInt(O_PATH | O_CLOEXEC), 0);
  how.writeBigUInt64LE(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, 16);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return checked(`open ${path} inside its root`, () => openat2(SYS_openat2, root, path, how, how.length));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      if (!isDisturbed(error) || attempt === patience) throw error;
    }
  }
}

/** Walks that were disturbed before we give up; one takes microseconds. */
const patience = 1000;

/** Any mount or rename on the machine, wherever it is, makes the kernel doubt a `..` on the way. @see openat2(2), EAGAIN */
function isDisturbed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'HOST_EAGAIN';
}

async function openDirectory(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

const absent = new Set(['HOST_ENOENT', 'HOST_ENOTDIR', 'HOST_ELOOP', 'HOST_ENXIO', 'ENOENT', 'ENOTDIR']);

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && absent.has(String(error.code));
}

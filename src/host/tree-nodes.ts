/**
 * File system nodes, synchronously: what unpacking a layer does a hundred thousand times, in a thread of its own.
 * Paths are byte strings (one character a byte), because archives may hold names that are no UTF-8;
 * `pathBytes` makes one from an ordinary path.
 */
import * as fs from 'node:fs';
import { HostError } from '../errors.ts';
import { asHostError } from './files.ts';
import { checked, native } from './libc.ts';

/** A moment to the nanosecond; seconds since the epoch may be negative. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

export type NodeType = 'file' | 'directory' | 'symlink' | 'other';

/** The byte string of an ordinary path. */
export function pathBytes(path: string): string {
  return Buffer.from(path, 'utf8').toString('latin1');
}

/** A byte string as a person should see it. */
export function readablePath(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** What stands at the path itself; links are not followed. */
export function nodeType(path: string): NodeType | undefined {
  const stats = fs.lstatSync(raw(path), { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  return stats.isFile() ? 'file' : 'other';
}

/** Opens a file that must not exist yet. `undefined`: something is in the way. */
export function createFile(path: string): number | undefined {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = fs.constants;
  const flags = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW;
  const made = unlessExists(path, () => fs.openSync(raw(path), flags, 0o600));
  return made === inTheWay ? undefined : made;
}

export function writeFile(fd: number, chunk: Uint8Array): void {
  try {
    for (let done = 0; done < chunk.length; ) done += fs.writeSync(fd, chunk, done);
  } catch (error) {
    throw asHostError('write a file of the layer', error);
  }
}

export function closeFile(fd: number): void {
  fs.closeSync(fd);
}

export function chownFile(fd: number, uid: number, gid: number): void {
  attempt('a file', () => fs.fchownSync(fd, uid, gid));
}

export function chmodFile(fd: number, mode: number): void {
  attempt('a file', () => fs.fchmodSync(fd, mode));
}

/** False: something is in the way. */
export function makeDirectory(path: string): boolean {
  return unlessExists(path, () => fs.mkdirSync(raw(path), 0o755)) !== inTheWay;
}

export function makeSymlink(path: string, target: string): boolean {
  return unlessExists(path, () => fs.symlinkSync(raw(target), raw(path))) !== inTheWay;
}

/** Links the node at `target` itself, even when that is a symbolic link. */
export function makeHardLink(path: string, target: string): boolean {
  return unlessExists(path, () => fs.linkSync(raw(target), raw(path))) !== inTheWay;
}

export function readLink(path: string): string {
  return fs.readlinkSync(raw(path), 'latin1');
}

export function removeNode(path: string): void {
  fs.rmSync(raw(path), { recursive: true, force: true });
}

export function chownNode(path: string, uid: number, gid: number): void {
  attempt(path, () => fs.lchownSync(raw(path), uid, gid));
}

/** Follows links, so it is never called on one. */
export function chmodNode(path: string, mode: number): void {
  attempt(path, () => fs.chmodSync(raw(path), mode));
}

/** Values of `<sys/stat.h>`. */
export const nodeKinds = { fifo: 0o010000, character: 0o020000, block: 0o060000 } as const;

/**
 * mknod(2). Device 0:0 of kind `character` is overlayfs's whiteout, which needs no privilege.
 * False: something is in the way.
 */
export function makeNode(
  path: string,
  kind: keyof typeof nodeKinds,
  device: { readonly major: number; readonly minor: number },
): boolean {
  const mknod = native('libc.so.6', 'int mknod(const void *path, unsigned int mode, unsigned long device)');
  try {
    checked(`make the device ${readablePath(path)}`, () =>
      mknod(terminated(path), nodeKinds[kind] | 0o600, deviceNumber(device)),
    );
    return true;
  } catch (error) {
    if (error instanceof HostError && error.code === 'HOST_EEXIST') return false;
    throw error;
  }
}

/** `makedev` of glibc: 12 + 20 bits of major and minor, the high halves above the old 8 + 8. */
function deviceNumber({ major, minor }: { readonly major: number; readonly minor: number }): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return (low & 0xffn) | ((high & 0xfffn) << 8n) | ((low & ~0xffn) << 12n) | ((high & ~0xfffn) << 32n);
}

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
/** Two `struct timespec`, access and modification; used by one synchronous call at a time. */
const times = new BigInt64Array(4);

/** Sets access and modification time of the node itself. */
export function setTimes(path: string, time: Timestamp): void {
  const utimensat = native(
    'libc.so.6',
    'int utimensat(int directory, const void *path, const void *times, int flags)',
  );
  fillTimes(time);
  checked(`set the times of ${readablePath(path)}`, () =>
    utimensat(AT_FDCWD, terminated(path), times, AT_SYMLINK_NOFOLLOW),
  );
}

export function setFileTimes(fd: number, time: Timestamp): void {
  const futimens = native('libc.so.6', 'int futimens(int fd, const void *times)');
  fillTimes(time);
  checked('set the times of a file', () => futimens(fd, times));
}

function fillTimes({ seconds, nanoseconds }: Timestamp): void {
  times[0] = times[2] = BigInt(seconds);
  times[1] = times[3] = BigInt(nanoseconds);
}

export function raw(path: string): Buffer {
  return Buffer.from(path, 'latin1');
}

/** As C wants it. */
export function terminated(path: string): Buffer {
  return Buffer.from(`${path}\0`, 'latin1');
}

const inTheWay = Symbol('something is in the way');

function unlessExists<T>(path: string, make: () => T): T | typeof inTheWay {
  try {
    return make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return inTheWay;
    throw asHostError(`make ${readablePath(path)}`, error);
  }
}

function attempt(path: string, change: () => void): void {
  try {
    change();
  } catch (error) {
    throw asHostError(`change ${readablePath(path)}`, error);
  }
}

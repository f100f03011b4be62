/** Extended attributes of the node itself (links are not followed), and copying what a directory carries. */
import * as fs from 'node:fs';
import { HostError } from '../errors.ts';
import { checked, native } from './libc.ts';
import { chmodNode, chownNode, raw, readablePath, setTimes, terminated } from './tree-nodes.ts';

/**
 * lsetxattr(2).
 * @throws HostError `HOST_ENOTSUP` or `HOST_EOPNOTSUPP` where the file system has none, `HOST_EPERM`
 */
export function setAttribute(path: string, name: string, value: Uint8Array): void {
  const lsetxattr = native(
    'libc.so.6',
    'int lsetxattr(const void *path, const void *name, const void *value, size_t size, int flags)',
  );
  checked(`set the attribute ${name} of ${readablePath(path)}`, () =>
    lsetxattr(terminated(path), terminated(name), value, value.length, 0),
  );
}

/** As `setAttribute`, on an open file. */
export function setFileAttribute(fd: number, name: string, value: Uint8Array): void {
  const fsetxattr = native(
    'libc.so.6',
    'int fsetxattr(int fd, const void *name, const void *value, size_t size, int flags)',
  );
  checked(`set the attribute ${name} of a file`, () =>
    fsetxattr(fd, terminated(name), value, value.length, 0),
  );
}

/** The value, or `undefined` when the node has no such attribute. */
export function getAttribute(path: string, name: string): Buffer | undefined {
  const lgetxattr = native(
    'libc.so.6',
    'int lgetxattr(const void *path, const void *name, _Out_ void *value, size_t size)',
  );
  const value = Buffer.alloc(largestValue);
  try {
    const size = checked(`read the attribute ${name} of ${readablePath(path)}`, () =>
      lgetxattr(terminated(path), terminated(name), value, value.length),
    );
    return Buffer.from(value.subarray(0, size));
  } catch (error) {
    if (isUnsupported(error) || (error instanceof HostError && error.code === 'HOST_ENODATA'))
      return undefined;
    throw error;
  }
}

export function listAttributes(path: string): string[] {
  const llistxattr = native('libc.so.6', 'int llistxattr(const void *path, _Out_ void *list, size_t size)');
  const list = Buffer.alloc(largestValue);
  try {
    const size = checked(`list the attributes of ${readablePath(path)}`, () =>
      llistxattr(terminated(path), list, list.length),
    );
    return list.toString('latin1', 0, size).split('\0').slice(0, -1);
  } catch (error) {
    if (isUnsupported(error)) return [];
    throw error;
  }
}

/** XATTR_SIZE_MAX and XATTR_LIST_MAX of the kernel. */
const largestValue = 65536;

export function isUnsupported(error: unknown): boolean {
  return error instanceof HostError && ['HOST_ENOTSUP', 'HOST_EOPNOTSUPP'].includes(error.code);
}

/** Gives the directory `to` owner, attributes, mode and times of the directory `from`. Overlayfs's own stay behind. */
export function copyDirectoryAttributes(from: string, to: string): void {
  const stats = fs.lstatSync(raw(from), { bigint: true });
  chownNode(to, Number(stats.uid), Number(stats.gid));
  for (const name of listAttributes(from)) {
    if (name.startsWith('trusted.overlay.') || name.startsWith('user.overlay.')) continue;
    const value = getAttribute(from, name);
    if (value !== undefined) setAttribute(to, name, value);
  }
  chmodNode(to, Number(stats.mode) & 0o7777);
  const second = 1_000_000_000n;
  const nanoseconds = ((stats.mtimeNs % second) + second) % second;
  setTimes(to, { seconds: Number((stats.mtimeNs - nanoseconds) / second), nanoseconds: Number(nanoseconds) });
}

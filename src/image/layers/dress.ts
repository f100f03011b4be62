/**
 * Owner, extended attributes, mode and times of what a layer holds, always in that order: changing the owner
 * clears set-id bits and capabilities, and changing anything else changes times.
 */
import { HostError, TscomposeError } from '../../errors.ts';
import { isUnsupported, setAttribute, setFileAttribute } from '../../host/tree-attributes.ts';
import * as nodes from '../../host/tree-nodes.ts';
import { corrupt, type TarEntry } from '../tar/entry.ts';

export interface Dress {
  /** An open regular file, whole. */
  file(fd: number, entry: TarEntry): void;
  /** A directory, device or fifo. */
  node(path: string, entry: TarEntry): void;
  /** A symbolic link, which has no mode. */
  link(path: string, entry: TarEntry): void;
  owner(path: string, entry: TarEntry): void;
  /** Devices cannot be made in a user namespace; an image without its device nodes still runs. */
  unlessForbidden(make: () => void): boolean;
}

/** `ownsAll`: we are root, of the machine or of a user namespace. Otherwise everything stays ours. */
export function createDress({ ownsAll }: { readonly ownsAll: boolean }): Dress {
  const owner = (path: string, entry: TarEntry): void => {
    const [uid, gid] = ownerOf(entry);
    if (ownsAll) mapped(entry, () => nodes.chownNode(path, uid, gid));
  };
  const file = (fd: number, entry: TarEntry): void => {
    const [uid, gid] = ownerOf(entry);
    if (ownsAll) mapped(entry, () => nodes.chownFile(fd, uid, gid));
    setAttributes(entry, (name, value) => setFileAttribute(fd, name, value));
    nodes.chmodFile(fd, entry.mode);
    nodes.setFileTimes(fd, entry.mtime);
  };
  const node = (path: string, entry: TarEntry): void => {
    owner(path, entry);
    setAttributes(entry, (name, value) => setAttribute(path, name, value));
    nodes.chmodNode(path, entry.mode);
    nodes.setTimes(path, entry.mtime);
  };
  const link = (path: string, entry: TarEntry): void => {
    owner(path, entry);
    setAttributes(entry, (name, value) => setAttribute(path, name, value));
    nodes.setTimes(path, entry.mtime);
  };
  return { owner, file, node, link, unlessForbidden };
}

/** Makes overlayfs show nothing of the layers below in this directory. */
export function setOpaque(path: string): void {
  try {
    setAttribute(path, 'trusted.overlay.opaque', yes);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    // In a user namespace, for mounts with `userxattr`.
    setAttribute(path, 'user.overlay.opaque', yes);
  }
}

const yes = Buffer.from('y');

/** Those of overlayfs would let an archive redirect look-ups; the host's labels are not the image's to give. */
const refused = /^(trusted\.overlay\.|user\.overlay\.|security\.selinux$|security\.(ima|evm)$)/;

function setAttributes(entry: TarEntry, set: (name: string, value: Buffer) => void): void {
  for (const [name, value] of entry.attributes) {
    if (refused.test(name)) continue;
    try {
      set(name, value);
    } catch (error) {
      // What the file system or our privileges have no room for is left out, as Docker does.
      if (!isUnsupported(error) && !isForbidden(error)) throw error;
    }
  }
}

function unlessForbidden(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof HostError && error.code === 'HOST_EPERM';
}

function ownerOf({ uid, gid }: TarEntry): [uid: number, gid: number] {
  if (Math.max(uid, gid) <= largestId) return [uid, gid];
  throw corrupt(`the archive has the owner ${uid}:${gid}, which no Linux system can have`);
}

const largestId = 0xffff_ffff;

/** In a user namespace only the ids that are mapped into it exist. */
function mapped({ uid, gid }: TarEntry, change: () => void): void {
  try {
    change();
  } catch (error) {
    if (!(error instanceof HostError && error.code === 'HOST_EINVAL')) throw error;
    const message = `the image has files of ${uid}:${gid}, an owner this user may not give to files`;
    const hint = 'give the user more ids in /etc/subuid and /etc/subgid, such as 65536';
    throw new TscomposeError('IMAGE_OWNER_UNMAPPED', message, { cause: error, hint });
  }
}

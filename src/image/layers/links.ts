/**
 * Short names for unpacked layers: `l/<name>` → `../layers/<chain id>/diff`.
 * The kernel takes one page of mount options; with these, the most layers an image may have fit into it.
 * Links are relative, so the whole directory can be moved.
 */
import { join } from 'node:path';
import type { Files } from '../../host/files.ts';
import { makeSymlink, pathBytes, readLink } from '../../host/tree-nodes.ts';
import { hexOf } from '../digests.ts';
import type { Digest } from '../images.ts';

export interface Links {
  /** Removes links that lead nowhere. */
  open(): Promise<void>;
  make(chainId: Digest): string;
  delete(name: string): Promise<void>;
  path(name: string): string;
}

/** 36^5 names: a collision is rare, and costs one more digit. */
const shortest = 5;

export function createLinks(files: Files, data: string): Links {
  const root = join(data, 'l');
  const path = (name: string): string => join(root, name);
  return {
    path,
    open: async () => {
      await files.makeDirectory(root, 0o700);
      for (const { name } of await files.list(root))
        if ((await files.stat(path(name))) === undefined) await files.remove(path(name));
    },
    make: (chainId) => {
      const digits = BigInt(`0x${hexOf(chainId)}`).toString(36);
      const target = `../layers/${hexOf(chainId)}/diff`;
      for (let length = shortest; ; length++) {
        const name = digits.slice(0, length);
        if (takes(pathBytes(path(name)), target)) return name;
      }
    },
    delete: (name) => files.remove(path(name)),
  };
}

/** False: the name belongs to another layer. */
function takes(path: string, target: string): boolean {
  return makeSymlink(path, target) || readLink(path) === target;
}

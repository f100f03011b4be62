/** Names of layer members, and what whiteout names mean. @see OCI image-spec, layer.md, "Whiteouts" */
import { readablePath } from '../../host/tree-nodes.ts';
import { corrupt } from '../tar/entry.ts';

/**
 * The member's path below the root, without `.`, `..`, doubled or leading slashes; the root is `''`.
 * @throws TscomposeError `IMAGE_CORRUPT` when the name leads out of the root
 */
export function cleanName(name: string): string {
  const parts: string[] = [];
  const isRooted = name.startsWith('/');
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined && !isRooted)
      throw corrupt(`the archive names ${readablePath(name)}, which lies outside of it`);
  }
  return parts.join('/');
}

export function splitName(path: string): { readonly parent: string; readonly base: string } {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(0, slash)), base: path.slice(slash + 1) };
}

export type Whiteout =
  /** Hides `name` of the layers below. */
  | { readonly kind: 'hide'; readonly name: string }
  /** Hides everything the layers below have in this directory. */
  | { readonly kind: 'opaque' };

/** @throws TscomposeError `IMAGE_CORRUPT` for a whiteout of nothing, `.` or `..` */
export function parseWhiteout(base: string): Whiteout | undefined {
  if (!base.startsWith('.wh.')) return undefined;
  if (base === '.wh..wh..opq') return { kind: 'opaque' };
  const name = base.slice('.wh.'.length);
  if (name === '' || name === '.' || name === '..') throw corrupt(`the archive has the whiteout "${base}"`);
  return { kind: 'hide', name };
}

/** Directories a file system nobody uses any more kept its books in, and everything in them. */
export function isBookkeeping(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.wh..wh.') && part !== '.wh..wh..opq');
}

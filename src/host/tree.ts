/**
 * A directory tree that is filled from hostile names: nothing is ever made or changed outside its root.
 * Goes in: byte-string names. Comes out: real paths below the root, with every link on the way resolved inside it.
 * Nobody else may write to the tree meanwhile; that is what makes looking before acting enough.
 */
import { TscomposeError } from '../errors.ts';
import { makeDirectory, nodeType, pathBytes, readablePath, readLink, removeNode } from './tree-nodes.ts';

/** A path below the root without links, `.` or `..`; the root itself is `''`. */
export type RealPath = string & { readonly __brand: 'RealPath' };

export interface Tree {
  /** The full path to hand to the functions of `tree-nodes.ts`. */
  at(path: RealPath): string;
  /**
   * The directory of that name, reached as if the root were `/`. What is missing on the way is made and
   * reported to `onImplicit`; what `onBlocked` does not clear away refuses.
   * @throws TscomposeError `TREE_NOT_A_DIRECTORY`, `TREE_LINK_LOOP`
   */
  directory(path: string): RealPath;
  /** A child of a directory that `directory` has given. */
  child(directory: RealPath, name: string): RealPath;
  /** Tells the tree that the directory exists now. */
  made(path: RealPath): void;
  /** Removes whatever is there, with all below it, and forgets it. */
  remove(path: RealPath): void;
}

export interface TreeWatcher {
  onImplicit(path: RealPath): void;
  /** Something that is neither directory nor link stands where a directory is needed; true: it is one now. */
  onBlocked(path: RealPath): boolean;
  onRemoved(isBelow: (path: RealPath) => boolean): void;
}

/** As the kernel's own limit on links in one look-up. */
const mostLinks = 40;

export function openTree(root: string, watcher: TreeWatcher): Tree {
  const base = pathBytes(root);
  const top = '' as RealPath;
  const known = new Set<RealPath>([top]);

  const at = (path: RealPath): string => (path === '' ? base : `${base}/${path}`);
  const child = (directory: RealPath, name: string): RealPath =>
    (directory === '' ? name : `${directory}/${name}`) as RealPath;

  const directory = (path: string): RealPath => {
    if (known.has(path as RealPath)) return path as RealPath;
    const pending = path.split('/').reverse();
    let here = top;
    let links = 0;
    while (pending.length > 0) {
      const name = pending.pop() as string;
      if (name === '' || name === '.') continue;
      if (name === '..') {
        here = parentOf(here);
        continue;
      }
      const next = child(here, name);
      const target = known.has(next) ? undefined : enter(next);
      if (target === undefined) {
        here = next;
        continue;
      }
      if (++links > mostLinks)
        throw new TscomposeError('TREE_LINK_LOOP', `too many links on the way to ${readablePath(path)}`);
      if (target.startsWith('/')) here = top;
      pending.push(...target.split('/').reverse());
    }
    return here;
  };

  /** Makes sure of one directory; a link's target comes back instead. */
  const enter = (path: RealPath): string | undefined => {
    const type = nodeType(at(path));
    if (type === 'symlink') return readLink(at(path));
    if (type === undefined) {
      makeDirectory(at(path));
      watcher.onImplicit(path);
    } else if (type !== 'directory' && !watcher.onBlocked(path)) {
      throw new TscomposeError(
        'TREE_NOT_A_DIRECTORY',
        `${readablePath(path)} is used as a directory but is none`,
      );
    }
    known.add(path);
    return undefined;
  };

  const remove = (path: RealPath): void => {
    removeNode(at(path));
    const isBelow = (other: RealPath): boolean => other === path || other.startsWith(`${path}/`);
    if (known.has(path)) for (const other of known) if (isBelow(other)) known.delete(other);
    watcher.onRemoved(isBelow);
  };

  return { at, directory, child, made: (path) => void known.add(path), remove };
}

function parentOf(path: RealPath): RealPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as RealPath;
}

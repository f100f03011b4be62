/**
 * Makes a directory tree of a layer's archive: the tree overlayfs takes as a lower directory.
 * Goes in: tar events, hostile. Comes out: files, and what must be known to stack the layer on others.
 */
import { openTree, type RealPath, type Tree } from '../../host/tree.ts';
import * as nodes from '../../host/tree-nodes.ts';
import { corrupt, type TarEntry } from '../tar/entry.ts';
import type { TarEvent } from '../tar/reader.ts';
import { type Dress, setOpaque } from './dress.ts';
import { cleanName, isBookkeeping, parseWhiteout, splitName } from './names.ts';

export interface LayerSummary {
  /** Content of all regular files. */
  readonly sizeBytes: number;
  /** Directories the archive uses without describing them, parents first; the root is `''`. Byte strings. */
  readonly implicit: readonly string[];
  /** The layer hides everything below it; overlayfs does not look for that on a root. */
  readonly isOpaque: boolean;
}

export interface LayerWriter {
  write(event: TarEvent): void;
  /** Closes what is open, then sets the times of directories: filling them has changed those. */
  finish(): LayerSummary;
  /** Lets go of an open file after an error. */
  abandon(): void;
}

/** Fills the existing directory `root`. */
export function createLayerWriter(root: string, dress: Dress): LayerWriter {
  return new Writer(root, dress);
}

const top = '' as RealPath;

class Writer implements LayerWriter {
  readonly #tree: Tree;
  readonly #dress: Dress;
  readonly #implicit = new Set<RealPath>([top]);
  readonly #whiteouts = new Set<RealPath>();
  readonly #directoryTimes = new Map<RealPath, nodes.Timestamp>();
  #open: { readonly fd: number; readonly entry: TarEntry } | undefined;
  #sizeBytes = 0;
  #isOpaque = false;

  constructor(root: string, dress: Dress) {
    this.#dress = dress;
    this.#tree = openTree(root, {
      onImplicit: (path) => void this.#implicit.add(path),
      onBlocked: (path) => this.#clearWhiteout(path),
      onRemoved: (isBelow) => this.#forget(isBelow),
    });
  }

  write(event: TarEvent): void {
    if (event.kind === 'entry') this.#entry(event.entry);
    else if (this.#open !== undefined) {
      if (event.kind === 'data') nodes.writeFile(this.#open.fd, event.chunk);
      else this.#close();
    }
  }

  finish(): LayerSummary {
    for (const [path, time] of this.#directoryTimes) nodes.setTimes(this.#tree.at(path), time);
    return { sizeBytes: this.#sizeBytes, implicit: [...this.#implicit], isOpaque: this.#isOpaque };
  }

  abandon(): void {
    if (this.#open !== undefined) nodes.closeFile(this.#open.fd);
    this.#open = undefined;
  }

  #entry(entry: TarEntry): void {
    const name = cleanName(entry.name);
    if (name === '') {
      this.#root(entry);
      return;
    }
    if (isBookkeeping(name)) return;
    const { parent, base } = splitName(name);
    const whiteout = parseWhiteout(base);
    const directory = this.#tree.directory(parent);
    if (whiteout?.kind === 'opaque') this.#makeOpaque(directory);
    else if (whiteout?.kind === 'hide') this.#hide(this.#tree.child(directory, whiteout.name), entry);
    else this.#make(this.#tree.child(directory, base), entry);
  }

  #root(entry: TarEntry): void {
    if (entry.type !== 'directory') throw corrupt('the archive has a root that is no directory');
    this.#describeDirectory(top, entry);
  }

  #make(path: RealPath, entry: TarEntry): void {
    const at = this.#tree.at(path);
    switch (entry.type) {
      case 'directory':
        this.#directory(path, entry);
        return;
      case 'file':
        this.#open = { fd: this.#replacing(path, () => nodes.createFile(at)), entry };
        this.#sizeBytes += entry.size;
        return;
      case 'hardlink':
        this.#hardLink(path, entry);
        return;
      case 'symlink':
        this.#replacing(path, () => nodes.makeSymlink(at, entry.linkName) || undefined);
        this.#dress.link(at, entry);
        return;
      case 'character':
      case 'block':
      case 'fifo': {
        const kind = entry.type;
        const isMade = this.#dress.unlessForbidden(() =>
          this.#replacing(path, () => nodes.makeNode(at, kind, entry.device) || undefined),
        );
        if (isMade) this.#dress.node(at, entry);
      }
    }
  }

  #close(): void {
    const { fd, entry } = this.#open as { fd: number; entry: TarEntry };
    this.#dress.file(fd, entry);
    this.#open = undefined;
    nodes.closeFile(fd);
  }

  #directory(path: RealPath, entry: TarEntry): void {
    const at = this.#tree.at(path);
    if (!nodes.makeDirectory(at) && nodes.nodeType(at) !== 'directory') {
      const wasHidden = this.#whiteouts.has(path);
      this.#tree.remove(path);
      nodes.makeDirectory(at);
      if (wasHidden) setOpaque(at);
    }
    this.#tree.made(path);
    this.#describeDirectory(path, entry);
  }

  #describeDirectory(path: RealPath, entry: TarEntry): void {
    this.#implicit.delete(path);
    this.#dress.node(this.#tree.at(path), entry);
    this.#directoryTimes.set(path, entry.mtime);
  }

  /** The target is a name of this archive, taken as if its root were `/`. */
  #hardLink(path: RealPath, entry: TarEntry): void {
    const { parent, base } = splitName(cleanName(entry.linkName));
    const target = this.#tree.child(this.#tree.directory(parent), base);
    const type = base === '' ? undefined : nodes.nodeType(this.#tree.at(target));
    const shown = `${nodes.readablePath(entry.name)} to ${nodes.readablePath(entry.linkName)}`;
    if (type === undefined) throw corrupt(`the archive links ${shown}, which it does not hold`);
    if (type === 'directory') throw corrupt(`the archive links ${shown}, which is a directory`);
    if (target === path) return;
    if (target.startsWith(`${path}/`)) throw corrupt(`the archive links ${shown}, which the link replaces`);
    this.#replacing(path, () => nodes.makeHardLink(this.#tree.at(path), this.#tree.at(target)) || undefined);
  }

  /** Hides a name of the layers below. A member of this same layer is not hidden, whichever comes first. */
  #hide(path: RealPath, entry: TarEntry): void {
    const at = this.#tree.at(path);
    if (nodes.makeNode(at, 'character', { major: 0, minor: 0 })) {
      this.#whiteouts.add(path);
      this.#dress.owner(at, entry);
    } else if (nodes.nodeType(at) === 'directory') setOpaque(at);
  }

  #makeOpaque(directory: RealPath): void {
    if (directory === top) this.#isOpaque = true;
    else setOpaque(this.#tree.at(directory));
  }

  /** A whiteout that is then used as a directory: one that hides what the layers below have there. */
  #clearWhiteout(path: RealPath): boolean {
    if (!this.#whiteouts.has(path)) return false;
    this.#tree.remove(path);
    nodes.makeDirectory(this.#tree.at(path));
    setOpaque(this.#tree.at(path));
    this.#implicit.add(path);
    return true;
  }

  /** Makes a node, in the place of what the archive put there before. */
  #replacing<T>(path: RealPath, make: () => T | undefined): T {
    const made = make();
    if (made !== undefined) return made;
    this.#tree.remove(path);
    const again = make();
    if (again === undefined) throw corrupt(`${nodes.readablePath(path)} cannot be replaced`);
    return again;
  }

  #forget(isBelow: (path: RealPath) => boolean): void {
    for (const known of [this.#implicit, this.#whiteouts])
      for (const path of known) if (isBelow(path)) known.delete(path);
    for (const path of this.#directoryTimes.keys()) if (isBelow(path)) this.#directoryTimes.delete(path);
  }
}

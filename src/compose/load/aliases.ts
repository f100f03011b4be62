/**
 * What anchors stand for, and how much: following every alias may make a small file a huge or a bottomless one.
 * Sizes and depths are counted while the nodes are made, so that asking costs nothing.
 */
import type { Node } from './node.ts';

/** More values than this from aliases alone are taken for an attack, not a project. */
export const aliasedLimit = 500_000;
/** Mappings and lists within each other, the aliases' own included. */
export const depthLimit = 200;

export type AliasFault = 'unknown' | 'cycle' | 'size' | 'depth';

interface Anchored {
  /** Absent while it is being read: an alias to it from inside is a cycle. */
  readonly node?: Node | undefined;
  readonly size: number;
  readonly height: number;
}

/** One document's anchors. */
export class Anchors {
  private readonly known = new Map<string, Anchored>();
  private size = 0;
  private aliased = 0;
  private deepest = 0;

  /** Every node is counted as it begins, `depth` mappings and lists down. */
  count(depth: number): void {
    this.size += 1;
    if (depth > this.deepest) this.deepest = depth;
  }

  /** Reads a node and remembers it under the name; `depth` is that of what holds it. */
  define<T extends Node | undefined>(name: string, depth: number, read: () => T): T {
    this.known.set(name, { size: 0, height: 0 });
    const before = { size: this.size, deepest: this.deepest };
    this.deepest = depth;
    const node = read();
    this.known.set(name, { node, size: this.size - before.size, height: this.deepest - depth });
    this.deepest = Math.max(before.deepest, this.deepest);
    return node;
  }

  follow(name: string, depth: number): Node | AliasFault {
    const known = this.known.get(name);
    if (known === undefined) return 'unknown';
    if (known.node === undefined) return 'cycle';
    this.size += known.size;
    this.aliased += known.size;
    this.deepest = Math.max(this.deepest, depth + known.height);
    if (this.aliased > aliasedLimit) return 'size';
    return depth + known.height > depthLimit ? 'depth' : known.node;
  }
}

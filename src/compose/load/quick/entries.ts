/** A mapping while it is read: its entries, and what its merge keys bring. */
import { type Merged, mergedBy } from '../merge-keys.ts';
import { type Entry, entryOf, type Node } from '../node.ts';
import type { Span } from '../source.ts';
import { Unusual } from './text.ts';

export interface ReadKey {
  readonly name: string;
  readonly at: Span;
  /** Not in quotes: only then `<<` is a merge key. */
  readonly isPlain: boolean;
}

export function addRead(
  entries: Map<string, Entry>,
  merged: Merged[],
  { name, at, isPlain }: ReadKey,
  value: Node,
): void {
  if (isPlain && name === '<<') {
    const found = mergedBy(value, at);
    if (found === undefined) throw new Unusual();
    merged.push(...found);
    return;
  }
  if (entries.has(name)) throw new Unusual();
  entries.set(name, entryOf(at, value));
}

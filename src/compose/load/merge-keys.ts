/** YAML's `<<`: what it brings into a mapping stands under what is written there. */
import { type Entry, entryOf, type MapNode, type Node } from './node.ts';
import type { Span } from './source.ts';
import { takingPlace, through } from './trace.ts';

/** A mapping that `<<` at this place merges into another one. */
export interface Merged {
  readonly node: MapNode;
  readonly at: Span;
}

/** What the value of a `<<` brings in; `undefined` when it is anything but a mapping or a list of them. */
export function mergedBy(value: Node, at: Span): readonly Merged[] | undefined {
  const maps = value.kind === 'list' ? value.items : [value];
  return maps.every((each) => each.kind === 'map') ? maps.map((node) => ({ node, at })) : undefined;
}

/** Earlier ones win over later ones. */
export function addMerged(entries: Map<string, Entry>, merged: readonly Merged[]): void {
  for (const { node, at } of merged) {
    for (const [key, entry] of node.entries) {
      const own = entries.get(key);
      if (own !== undefined) entries.set(key, entryOf(own, takingPlace(own.value, entry.value)));
      // A tag speaks for the place it is written at, not for those that merge it in.
      else if (entry.value.tag !== 'reset')
        entries.set(key, entryOf(entry, through(entry.value, { how: 'merge key', at })));
    }
  }
}

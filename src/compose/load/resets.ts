/** Phase: `!reset` and `!override` of a later file take away what stands at the same path in the earlier ones. */
import { itemsOf, list, type MapNode, mapValues, type Node, withItems, withKey, withoutKey } from './node.ts';
import { type Removed, takingPlace, traced } from './trace.ts';

export interface Settled {
  readonly base: MapNode;
  readonly over: MapNode;
}

/** Of a file's text: without these words there is nothing to settle. */
export function mayHoldTags(text: string): boolean {
  return text.includes('!reset') || text.includes('!override');
}

/** `over` comes back without what is marked `!reset`; `base` without what either tag is written over. */
export function settleTags(base: MapNode, over: MapNode): Settled {
  if (!hasTags(over)) return { base, over };
  return { base: cleared(base, over) as MapNode, over: withoutResets(overriding(over, base)) };
}

function hasTags(node: Node): boolean {
  if (node.tag !== undefined) return true;
  if (node.kind !== 'map') return itemsOf(node).some(hasTags);
  for (const { value } of node.entries.values()) if (hasTags(value)) return true;
  return false;
}

function cleared(base: Node, over: Node): Node {
  if (over.kind !== 'map') return base;
  if (base.kind === 'list') return withoutPairs(base.items, base, over);
  if (base.kind !== 'map') return base;
  let result = base;
  for (const [key, at] of over.entries) {
    const { value } = at;
    const before = result.entries.get(key)?.value;
    if (before === undefined) continue;
    if (value.tag === undefined) result = withKey(result, key, cleared(before, value));
    else
      result = withoutKey(value.tag === 'reset' ? recorded(result, { key, at, was: before }) : result, key);
  }
  return result;
}

function recorded(map: MapNode, removed: Removed): MapNode {
  return traced(map, { removed: [...(map.trace?.removed ?? []), removed] });
}

/** What is marked `!override` remembers what it is written over. */
function overriding<T extends Node>(over: T, base: Node): T {
  if (over.kind !== 'map' || base.kind !== 'map') return over;
  return mapValues(over, (value, key) => {
    const before = base.entries.get(key)?.value;
    if (before === undefined) return value;
    return value.tag === 'override' ? takingPlace(value, before) : overriding(value, before);
  }) as T;
}

/** `["A=1"]` holds `A` as `{A: 1}` does. */
function withoutPairs(items: readonly Node[], base: Node, over: MapNode): Node {
  const kept = items.filter((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return true;
    return over.entries.get(item.value.split('=', 1)[0]!)?.value.tag === undefined;
  });
  return list(kept, base);
}

/** The value beside `!reset` means nothing. An item of a list takes only itself away: items have no name. */
export function withoutResets<T extends Node>(node: T): T {
  if (node.kind === 'list')
    return withItems(
      node,
      node.items.filter((item) => item.tag !== 'reset'),
    ) as T;
  if (node.kind !== 'map') return node;
  return mapValues(node, (value) => (value.tag === 'reset' ? undefined : withoutResets(value))) as T;
}

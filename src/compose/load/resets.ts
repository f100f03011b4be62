/** Phase: `!reset` and `!override` of a later file take away what stands at the same path in the earlier ones. */
import { list, type MapNode, mapValues, type Node, withKey, withoutKey } from './node.ts';

export interface Settled {
  readonly base: MapNode;
  readonly over: MapNode;
}

/** `over` comes back without what is marked `!reset`; `base` without what either tag is written over. */
export function settleTags(base: MapNode, over: MapNode): Settled {
  if (!hasTags(over)) return { base, over };
  return { base: cleared(base, over) as MapNode, over: withoutResets(over) };
}

function hasTags(node: Node): boolean {
  if (node.tag !== undefined) return true;
  if (node.kind !== 'map') return false;
  for (const { value } of node.entries.values()) if (hasTags(value)) return true;
  return false;
}

function cleared(base: Node, over: Node): Node {
  if (over.kind !== 'map') return base;
  if (base.kind === 'list') return withoutPairs(base.items, base, over);
  if (base.kind !== 'map') return base;
  let result = base;
  for (const [key, { value }] of over.entries) {
    const before = result.entries.get(key)?.value;
    if (before === undefined) continue;
    result = value.tag === undefined ? withKey(result, key, cleared(before, value)) : withoutKey(result, key);
  }
  return result;
}

/** `["A=1"]` holds `A` as `{A: 1}` does. */
function withoutPairs(items: readonly Node[], base: Node, over: MapNode): Node {
  const kept = items.filter((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return true;
    return over.entries.get(item.value.split('=', 1)[0]!)?.value.tag === undefined;
  });
  return list(kept, base.at);
}

/** The value beside `!reset` means nothing. */
export function withoutResets<T extends Node>(node: T): T {
  if (node.kind !== 'map') return node;
  return mapValues(node, (value) => (value.tag === 'reset' ? undefined : withoutResets(value))) as T;
}

/**
 * What `x-…` keys say within services, networks and the rest: printed in YAML, as the reference does, and neither in
 * JSON nor to anybody who looks through the keys of a canonical form.
 */
import type { Json } from '../../model/project.ts';
import { isExtension } from '../extensions.ts';
import { child, define, type MapNode, type Node, toJson } from '../node.ts';
import { type Order, sortedKeys } from '../order.ts';

const extensions = Symbol('extensions');

interface Extended {
  [extensions]?: { readonly [key: string]: Json };
}

export function extensionsOf(tree: object): { readonly [key: string]: Json } | undefined {
  return (tree as Extended)[extensions];
}

/** Those of a node, in the order in which they are printed. */
export function extensionsIn(node: MapNode, order?: Order): { readonly [key: string]: Json } {
  const found: Record<string, Json> = {};
  for (const key of sortedKeys(node.entries, order))
    if (isExtension(key)) found[key] = sortedJson(child(node, key)!, order);
  return found;
}

/** Of a node, to what is printed of it. */
export function keepExtensions(printed: object, node: MapNode): void {
  const found = extensionsIn(node);
  if (Object.keys(found).length > 0) (printed as Extended)[extensions] = found;
}

/** Anything as it was written, with keys in the order in which they are printed. */
export function sortedJson(node: Node, order?: Order): Json {
  if (node.kind === 'list') return node.items.map((item) => sortedJson(item, order));
  if (node.kind !== 'map') return toJson(node);
  const result: Record<string, Json> = {};
  for (const key of sortedKeys(node.entries, order))
    define(result, key, sortedJson(child(node, key)!, order));
  return result;
}

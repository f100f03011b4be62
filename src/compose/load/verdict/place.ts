/** Where in the tree a verdict of the schema falls. */
import type { SchemaError } from '../generated/validate.mjs';
import { type Entry, itemsOf, type MapNode, type Node } from '../node.ts';
import type { Span } from '../source.ts';

export interface Place {
  /** With `[]` for an item of a list, as in the tables by path. */
  readonly keys: readonly string[];
  /** `services.web.ports[0]`; empty for the whole file. */
  readonly path: string;
  readonly at: Span;
  readonly node: Node;
  /** What the node stands in; absent for the whole file. */
  readonly parent?: Node;
  /** What must go for the rest to be valid. */
  readonly refuse: Node;
}

export function locate(tree: MapNode, error: SchemaError): Place | undefined {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const keys: string[] = [];
  let node: Node = tree;
  let parent: Node | undefined;
  let at: Span = tree;
  let path = '';
  for (const key of steps) {
    parent = node;
    keys.push(node.kind === 'list' ? '[]' : key);
    if (node.kind === 'list') {
      const item: Node | undefined = node.items[Number(key)];
      if (item === undefined) return undefined;
      node = item;
      at = item;
      path += `[${key}]`;
    } else {
      const entry: Entry | undefined = node.kind === 'map' ? node.entries.get(key) : undefined;
      if (entry === undefined) return undefined;
      node = entry.value;
      at = entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value : entry;
      path += path === '' ? key : `.${key}`;
    }
  }
  const place = { keys, path, node, ...(parent === undefined ? {} : { parent }) };
  const again = node.kind === 'list' ? repeatedIndex(error) : undefined;
  const item = again === undefined ? undefined : itemsOf(node)[again];
  if (item !== undefined)
    return {
      keys: [...keys, '[]'],
      path: `${path}[${again}]`,
      at: item,
      node: item,
      parent: node,
      refuse: item,
    };
  const unknown = unknownKey(error);
  const entry = node.kind === 'map' && unknown !== undefined ? node.entries.get(unknown) : undefined;
  return entry === undefined ? { ...place, at, refuse: node } : { ...place, at: entry, refuse: entry.value };
}

/** Where the second of two equal items stands. */
function repeatedIndex({ keyword, params }: SchemaError): number | undefined {
  return keyword === 'uniqueItems' ? Math.max(Number(params.i), Number(params.j)) : undefined;
}

export function unknownKey(error: SchemaError): string | undefined {
  return error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
}

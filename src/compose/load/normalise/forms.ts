/** Short forms that several attributes share. */
import { type Entry, entryOf, fromJson, list, map, type Node, scalar, stringOf, withItems } from '../node.ts';

export function stringToList(node: Node): Node {
  return node.kind === 'scalar' && node.value !== null ? list([node], node) : node;
}

/** An empty item, as a variable that is not set leaves it, is none. */
export function withoutEmpty(node: Node): Node {
  const items = stringToList(node);
  if (items.kind !== 'list') return node;
  return withItems(
    items,
    items.items.filter((item) => stringOf(item) !== ''),
  );
}

/** `[a, b]` is `{a: null, b: null}`. */
export function namesToMap(node: Node): Node {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const name = stringOf(item);
    if (name !== undefined) entries.set(name, entryOf(item, scalar(null, item)));
  }
  return map(entries, node);
}

export function longExtends(node: Node): Node {
  return stringOf(node) === undefined ? node : fromJson({ service: stringOf(node)! }, node);
}

/** `gpus: all` asks for every device. */
export function longGpus(node: Node): Node {
  return stringOf(node) === 'all' ? fromJson([{ count: 'all' }], node) : node;
}

/** `depends_on: [db]` is `{db: {condition: service_started, required: true}}`. */
import {
  child,
  type Entry,
  entryOf,
  fromJson,
  map,
  mapValues,
  type Node,
  scalar,
  stringOf,
  withKey,
} from '../node.ts';

export function longDependencies(node: Node): Node {
  if (node.kind === 'map') {
    return mapValues(node, (value) =>
      value.kind === 'map' && child(value, 'required') === undefined
        ? withKey(value, 'required', scalar(true, value))
        : value,
    );
  }
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    const name = stringOf(item);
    if (name === undefined) continue;
    const value = fromJson({ condition: 'service_started', required: true }, item);
    entries.set(name, entryOf(item, value));
  }
  return map(entries, node);
}

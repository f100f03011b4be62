/** Keys that `config --format json` spells otherwise than files do are taken too, so that its output loads again. */
import { type Entry, type MapNode, type Node, withEntries } from './node.ts';
import { type Rewrite, rewriteTree } from './rewrite.ts';
import { lazy, rules } from './rules.ts';

export function acceptPrintedKeys(tree: MapNode): MapNode {
  return rewriteTree(tree, table(), undefined);
}

const table = lazy(() =>
  rules<Rewrite<undefined>>({
    'services.*.blkio_config.*.[]': (node) => renamed(node, { Path: 'path', Rate: 'rate', Weight: 'weight' }),
  }),
);

function renamed(node: Node, names: Readonly<Record<string, string>>): Node {
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) entries.set(names[key] ?? key, entry);
  return withEntries(node, entries);
}

/** Applies a table of rewrites to a tree: each rule sees the node at its path, then the walk goes on inside. */
import { type Entry, type MapNode, mapItems, mapNamed, mapValues, type Node } from './node.ts';
import { type Rules, step, stepItem } from './rules.ts';
import type { Span } from './source.ts';

export interface RewriteContext<C> {
  readonly context: C;
  /** For messages: `services.web.ports[0]`. */
  readonly path: string;
  /** The key this value stands under (or the item itself): the place to blame for what is absent. */
  readonly blame: Span;
}

/** `undefined` drops the value. */
export type Rewrite<C> = (node: Node, at: RewriteContext<C>) => Node | undefined;

export function rewriteTree<T extends Node, C>(tree: T, table: Rules<Rewrite<C>>, context: C): T {
  return (visit(tree, table, { context, path: '', blame: tree }) ?? tree) as T;
}

function visit<C>(node: Node, table: Rules<Rewrite<C>>, at: RewriteContext<C>): Node | undefined {
  const own = table.value === undefined ? node : table.value(node, at);
  if (own?.kind === 'map') {
    return mapRuled(own, table, (value, rule, key, entry) => {
      const path = at.path === '' ? key : `${at.path}.${key}`;
      return visit(value, rule, { context: at.context, path, blame: entry });
    });
  }
  if (own?.kind === 'list') {
    const rule = stepItem(table);
    if (rule === undefined) return own;
    return mapItems(
      own,
      (item, index) =>
        visit(item, rule, { context: at.context, path: `${at.path}[${index}]`, blame: item }) ?? item,
    );
  }
  return own;
}

/** Changes the values that a table says something of, or of what is in them. Most tables name few keys. */
export function mapRuled<T>(
  node: MapNode,
  table: Rules<T>,
  change: (value: Node, rule: Rules<T>, key: string, entry: Entry) => Node | undefined,
): MapNode {
  if (!table.children.has('*')) return mapNamed(node, table.children, change);
  return mapValues(node, (value, key, entry) => change(value, step(table, key)!, key, entry));
}

/** Applies a table of rewrites to a tree: each rule sees the node at its path, then the walk goes on inside. */
import { type Entry, type MapNode, mapItems, mapNamed, mapValues, type Node } from './node.ts';
import { Path } from './path.ts';
import { type Rules, step, stepItem } from './rules.ts';
import type { Span } from './source.ts';

/** Holds while the rule is asked; it is another one's afterwards. */
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
  return (new Walk(context, tree).visit(tree, table) ?? tree) as T;
}

class Walk<C> implements RewriteContext<C> {
  readonly context: C;
  blame: Span;
  private readonly place = new Path();

  constructor(context: C, tree: Node) {
    this.context = context;
    this.blame = tree;
  }

  get path(): string {
    return this.place.text();
  }

  visit(node: Node, table: Rules<Rewrite<C>>): Node | undefined {
    const own = table.value === undefined ? node : table.value(node, this);
    if (own?.kind === 'map') {
      return mapRuled(own, table, (value, rule, key, entry) => this.inside(value, rule, key, entry));
    }
    if (own?.kind === 'list') {
      const rule = stepItem(table);
      if (rule === undefined) return own;
      return mapItems(own, (item, index) => this.inside(item, rule, index, item) ?? item);
    }
    return own;
  }

  private inside(value: Node, rule: Rules<Rewrite<C>>, key: string | number, blame: Span): Node | undefined {
    // Most rules look no further than at their key.
    if (value.kind === 'scalar' && rule.value === undefined) return value;
    this.place.enter(key);
    this.blame = blame;
    const changed = this.visit(value, rule);
    this.place.leave();
    return changed;
  }
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

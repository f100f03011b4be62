/** Where every value of the final tree was written, by path: `services.web.ports[0]`, `networks.back.ipam`. */
import type { SourceRange } from '../../errors.ts';
import type { Node } from './node.ts';
import { rangeOf, type Span } from './source.ts';

/** A single value's place is the value, a mapping's or list's its key, a list item's its own. */
export function positionsOf(tree: Node): Readonly<Record<string, SourceRange>> {
  const positions: Record<string, SourceRange> = {};
  visit(tree, '', tree, positions);
  return positions;
}

function visit(node: Node, path: string, key: Span, positions: Record<string, SourceRange>): void {
  if (path !== '') positions[path] = rangeOf(node.kind === 'scalar' && node.value !== null ? node : key);
  if (node.kind === 'map') {
    for (const [name, entry] of node.entries) {
      visit(entry.value, path === '' ? name : `${path}.${name}`, entry, positions);
    }
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) visit(item, `${path}[${index}]`, item, positions);
  }
}

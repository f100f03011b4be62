/** `build: ./dir`, and `K=V` lists inside it. */
import { type Entry, entryOf, isNull, itemsOf, map, type Node, scalar, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { NormaliseContext } from './index.ts';

export function longBuild(node: Node): Node {
  if (stringOf(node) === undefined) return node;
  return map(new Map([['context', entryOf(node, node)]]), node);
}

/** `["K=V", "K"]` is `{K: V, K: null}`. */
export function keyValues(node: Node): Node {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    // Null is what is left of one that was refused.
    if (isNull(item)) continue;
    const text = stringOf(item) ?? '';
    const equals = text.indexOf('=');
    const key = equals === -1 ? text : text.slice(0, equals);
    const value = equals === -1 ? null : text.slice(equals + 1);
    entries.set(key, entryOf(item, scalar(value, item)));
  }
  return map(entries, node);
}

/** A context needs both, its name and where it is. */
export function longContexts(node: Node, { path, context }: RewriteContext<NormaliseContext>): Node {
  for (const [index, item] of itemsOf(node).entries()) {
    const text = stringOf(item);
    if (context.lenient || text === undefined || text.includes('=')) continue;
    context.problems.add({
      code: 'COMPOSE_VALUE',
      message: `${path}[${index}]: "${text}" has no equals sign`,
      at: item,
      hint: `write ${text || 'name'}=path, ${text || 'name'}=service:other or ${text || 'name'}=docker-image://image`,
    });
  }
  return keyValues(node);
}

/** `ssh: default`, or a list of `id=path`. */
export function longSsh(node: Node): Node {
  const lone = stringOf(node);
  if (lone === undefined) return keyValues(node);
  return map(new Map([[lone, entryOf(node, scalar(null, node))]]), node);
}

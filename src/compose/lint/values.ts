/** Walking a document as it is written, and how its values are written. */
import { entriesOf, itemsOf, type Node, type ScalarNode } from '../load/node.ts';
import { lazy, type Rules, rules, step, stepItem } from '../load/rules.ts';
import type { Span } from '../load/source.ts';

export interface WrittenValue {
  readonly node: ScalarNode;
  /** `services.web.ports[0]` */
  readonly path: string;
  /** The key it stands under; absent for an item of a list. */
  readonly key?: { readonly name: string; readonly at: Span };
}

/** Every single value of the document. */
export function* valuesIn(node: Node, path = '', key?: WrittenValue['key']): Generator<WrittenValue> {
  if (node.kind === 'scalar') yield { node, path, ...(key === undefined ? {} : { key }) };
  for (const [name, entry] of entriesOf(node))
    yield* valuesIn(entry.value, joined(path, name), { name, at: entry });
  for (const [index, item] of itemsOf(node).entries()) yield* valuesIn(item, `${path}[${index}]`);
}

/** Those at paths such as `services.*.environment.*`. */
export function valuesAt(paths: readonly string[]): (document: Node) => Generator<WrittenValue> {
  const table = lazy(() => rules(Object.fromEntries(paths.map((path) => [path, true]))));
  return (document) => valuesUnder(document, table(), '');
}

function* valuesUnder(
  node: Node,
  table: Rules<boolean> | undefined,
  path: string,
  key?: WrittenValue['key'],
): Generator<WrittenValue> {
  if (table === undefined) return;
  if (node.kind === 'scalar' && table.value === true)
    yield { node, path, ...(key === undefined ? {} : { key }) };
  for (const [name, entry] of entriesOf(node))
    yield* valuesUnder(entry.value, step(table, name), joined(path, name), { name, at: entry });
  for (const [index, item] of itemsOf(node).entries())
    yield* valuesUnder(item, stepItem(table), `${path}[${index}]`);
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The text of the file: with its quotes, and variables as they are written. */
export function writtenText({ source, start, end }: Node): string {
  return source.text.slice(start, end);
}

/** Without quotes: what it means was guessed from how it looks. */
export function isPlain(node: ScalarNode): boolean {
  return !/^["'|>]/.test(writtenText(node));
}

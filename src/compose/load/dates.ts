/** Phase: an unquoted date is a point in time to the reference's reader of YAML, and no attribute takes one. */
import { isExtension } from './extensions.ts';
import { entriesOf, itemsOf, type MapNode, type Node, type ScalarNode } from './node.ts';
import type { Problems } from './problems.ts';

/** Of a file's text: a date begins like this. */
export function mayHoldDates(text: string): boolean {
  return /\d{4}-\d/.test(text);
}

/** Extensions may hold anything. */
export function refuseDates(tree: MapNode, problems: Problems): void {
  visit(tree, '', problems);
}

function visit(node: Node, path: string, problems: Problems): void {
  if (node.kind === 'scalar') {
    if (isDate(node)) refuse(node, path, problems);
    return;
  }
  for (const [index, item] of itemsOf(node).entries()) visit(item, `${path}[${index}]`, problems);
  for (const [key, { value }] of entriesOf(node))
    if (!isExtension(key)) visit(value, path === '' ? key : `${path}.${key}`, problems);
}

/** What was quoted, or came out of a variable, does not stand there as it is read. */
function isDate({ value, source, start, end }: ScalarNode): boolean {
  if (typeof value !== 'string' || value.charAt(4) !== '-') return false;
  const match = timestamp.exec(value);
  if (match === null || source.text.slice(start, end) !== value) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  // The 0th of a month is the last of the one before.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** @see YAML 1.1, the timestamp type */
const timestamp =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

function refuse(node: ScalarNode, path: string, problems: Problems): void {
  const { value } = node;
  problems.add({
    code: 'COMPOSE_TYPE',
    message: `${path}: ${value} without quotes is a date to YAML, and no text`,
    at: node,
    hint: `put it in quotes: "${value}"`,
  });
}

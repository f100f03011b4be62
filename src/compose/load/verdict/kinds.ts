/** What values are called. */
import type { Node } from '../node.ts';

/** `"a"`, `5`, `true`, `a list`: as a person would point at it. */
export function shown(node: Node): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a mapping' : 'a list';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? `"${node.value}"` : String(node.value);
}

/** `a list or a mapping`, `a number, a string or a mapping`. */
export function anyOf(names: readonly string[]): string {
  const all = names.map((name) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`);
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}

/** A value that may stand in a list of one line: in quotes where YAML would read something else. */
export function asItem(node: Node): string {
  const text = node.kind === 'scalar' ? String(node.value) : '';
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}

/**
 * The canonical form as YAML at once: from the tree to lines, with nothing in between.
 * In: a tree in long syntax. Out: what `printConfig` makes of its canonical form, before dollars are doubled.
 * Never: prints what says nothing though JSON has it, such as absent commands and empty sections.
 */
import type { Json } from '../../model/project.ts';
import type { ListNode, MapNode, Node } from '../node.ts';
import { sortedKeys } from '../order.ts';
import { entryLines, itemLines, wordOf } from '../write-yaml.ts';
import { extensionsIn } from './extensions.ts';
import { emptyOf, fieldsOf, isZero, shapeNode } from './index.ts';
import type { Field, Shape, Struct } from './types.ts';
import { type Printing, pairsIn } from './values.ts';

/** The lines of a map, each with this indent; `lead` stands in place of the first one's. */
export function structLines(
  node: MapNode,
  shape: Struct,
  at: Printing,
  indent: string,
  lead: string,
): string {
  if (shape.needs !== undefined && saysNothing(node.entries.get(shape.needs)?.value)) return '';
  const inner = `${indent}  `;
  const { fields, hasOthers } = fieldsOf(node, shape);
  let lines = '';
  let before = lead;
  for (let index = 0; index < fields.length; index++) {
    const line = fieldLines(node, fields[index]!, at, inner, before);
    if (line === '') continue;
    lines += line;
    before = indent;
  }
  const extensions = hasOthers ? extensionsIn(node) : {};
  for (const key of Object.keys(extensions)) {
    lines += entryLines(before, key, extensions[key]!, inner);
    before = indent;
  }
  return lines;
}

function saysNothing(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

function fieldLines(node: MapNode, field: Field, at: Printing, inner: string, before: string): string {
  const { key, shape, omit } = field;
  const value = node.entries.get(key)?.value;
  const lines = value === undefined ? undefined : blockLines(value, shape, at, inner, inner);
  if (lines === undefined) {
    const printed = value === undefined ? undefined : shapeNode(value, shape, at);
    return wordLines(printed, field, inner, before);
  }
  if (lines !== '') return `${before}${key}:\n${lines}`;
  const isShown = shape.kind === 'struct' ? omit !== 'never' : shape.kind !== 'pairs' && omit !== 'empty';
  return isShown ? `${before}${key}: ${emptyBlock(shape)}\n` : '';
}

/** Of a field that is not written, or not in many lines. */
function wordLines(
  value: Json | undefined,
  { key, shape, omit }: Field,
  inner: string,
  before: string,
): string {
  const printed = value ?? (omit === 'never' ? emptyOf(shape) : undefined);
  if (printed === undefined || printed === null) return '';
  if (omit === 'empty' && isZero(printed, shape)) return '';
  if (omit === 'never' && shape.kind === 'struct') return '';
  return entryLines(before, key, printed, inner);
}

/** Of a map or list: empty when nothing is in it. `undefined` for anything else. */
function blockLines(
  node: Node,
  shape: Shape,
  at: Printing,
  indent: string,
  lead: string,
): string | undefined {
  switch (shape.kind) {
    case 'struct':
      return node.kind === 'map' ? structLines(node, shape, at, indent, lead) : undefined;
    case 'map':
      return node.kind === 'map' ? mapLines(node, shape, at, indent, lead) : undefined;
    case 'list':
      return node.kind === 'list' ? listLines(node, shape.item, at, indent, lead) : undefined;
    case 'pairs':
      return pairLines(pairsIn(node, shape.nullable), indent, lead);
    default:
      return undefined;
  }
}

function emptyBlock(shape: Shape): string {
  return shape.kind === 'list' ? '[]' : '{}';
}

type Named = Extract<Shape, { kind: 'map' }>;

function mapLines(node: MapNode, shape: Named, at: Printing, indent: string, lead: string): string {
  const inner = `${indent}  `;
  const keys = sortedKeys(node.entries);
  let lines = '';
  let before = lead;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    const { value } = node.entries.get(key)!;
    lines += namedLines(key, value, shape, at, inner, before);
    before = indent;
  }
  return lines;
}

/** One entry of a map of names: a service, a network, what a service depends on. */
export function namedLines(
  name: string,
  node: Node,
  { value: shape, nullIsEmpty }: Named,
  at: Printing,
  inner: string,
  before: string,
): string {
  const lines = blockLines(node, shape, at, inner, inner);
  if (lines === undefined) {
    const printed = shapeNode(node, shape, at);
    if (printed === undefined && nullIsEmpty) return `${before}${wordOf(name)}: {}\n`;
    return entryLines(before, name, printed ?? null, inner);
  }
  return lines === ''
    ? `${before}${wordOf(name)}: ${emptyBlock(shape)}\n`
    : `${before}${wordOf(name)}:\n${lines}`;
}

function listLines(node: ListNode, shape: Shape, at: Printing, indent: string, lead: string): string {
  const inner = `${indent}  `;
  let lines = '';
  let before = lead;
  for (let index = 0; index < node.items.length; index++) {
    const item = node.items[index]!;
    // A mapping or list begins on the line of its dash.
    const block = blockLines(item, shape, at, inner, `${before}- `);
    if (block === undefined) {
      const printed = shapeNode(item, shape, at);
      if (printed === undefined) continue;
      lines += itemLines(before, printed, inner);
    } else lines += block === '' ? `${before}- ${emptyBlock(shape)}\n` : block;
    before = indent;
  }
  return lines;
}

function pairLines(pairs: ReadonlyMap<string, string | null>, indent: string, lead: string): string {
  const inner = `${indent}  `;
  const keys = sortedKeys(pairs);
  let lines = '';
  let before = lead;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!;
    const value = pairs.get(key)!;
    lines += `${before}${wordOf(key)}: ${value === null ? 'null' : wordOf(value, inner)}\n`;
    before = indent;
  }
  return lines;
}

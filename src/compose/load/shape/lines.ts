/**
 * The canonical form as YAML: from the tree to lines, with nothing in between.
 * In: a tree in long syntax. Out: its lines, before dollars are doubled.
 * Never: prints what says nothing though JSON has it, such as absent commands and empty sections.
 * For each shape a function is made, once, that knows what there is to know of it beforehand.
 */
import type { Json } from '../../model/project.ts';
import { isNull, type Node } from '../node.ts';
import { byName, sortedKeys } from '../order.ts';
import { entryLines, itemLines, wordOf } from '../write-yaml.ts';
import { extensionsIn } from './extensions.ts';
import { chosenOf, emptyOf, isZero, shapeNode } from './index.ts';
import { type Field, type Shape, type Struct, unranked } from './types.ts';
import { type Printing, pairsIn, textOf } from './values.ts';

/**
 * The lines of a map or list, each with this indent; `lead` stands in place of the first one's. Empty when nothing is
 * in it, `undefined` for any other value.
 */
type WriteBlock = (node: Node, at: Printing, indent: string, lead: string) => string | undefined;

/** One entry, a line or many: `before` stands before its key, `inner` before its further lines. */
type WriteEntry = (node: Node | undefined, at: Printing, inner: string, before: string) => string;

/** The same of an entry that has a name of its own: a service, a network, what a service depends on. */
export type WriteNamed = (name: string, node: Node, at: Printing, inner: string, before: string) => string;

type Kind<K extends Shape['kind']> = Extract<Shape, { readonly kind: K }>;

function blockOf(shape: Shape): WriteBlock {
  switch (shape.kind) {
    case 'struct':
      return structBlock(shape);
    case 'map':
      return mapBlock(shape);
    case 'list':
      return listBlock(shape);
    case 'pairs':
      return pairBlock(shape);
    default:
      return () => undefined;
  }
}

function structBlock(shape: Struct): WriteBlock {
  const { needs } = shape;
  /** By rank; each made when it is first needed. */
  const writers: WriteEntry[] = [];
  return (node, at, indent, lead) => {
    if (node.kind !== 'map') return undefined;
    const { entries } = node;
    if (needs !== undefined && isNothing(entries.get(needs)?.value)) return '';
    const inner = `${indent}  `;
    const all = shape.fields;
    // Of a map that has many of the fields, all are asked for; of a service those are looked for that it has.
    const chosen = all.length > 3 * entries.size ? chosenOf(node, shape.table()) : undefined;
    const fields = chosen?.fields ?? all;
    let known = 0;
    let lines = '';
    let before = lead;
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!;
      const value = chosen === undefined ? entries.get(field.key)?.value : chosen.values[index];
      if (value !== undefined) known += 1;
      else if (field.omit !== 'never') continue;
      const { rank } = field;
      if (rank === unranked) continue;
      writers[rank] ??= entryWriter(field);
      const line = writers[rank](value, at, inner, before);
      if (line === '') continue;
      lines += line;
      before = indent;
    }
    if (known === entries.size) return lines;
    const extensions = extensionsIn(node, byName);
    for (const key of Object.keys(extensions)) {
      lines += entryLines(before, key, extensions[key]!, inner);
      before = indent;
    }
    return lines;
  };
}

function isNothing(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

function entryWriter(field: Field): WriteEntry {
  const { kind } = field.shape;
  if (kind === 'string') return textWriter(field);
  const isBlock = kind === 'struct' || kind === 'map' || kind === 'list' || kind === 'pairs';
  return isBlock ? blockWriter(field) : wordWriter(field);
}

function textWriter({ key, omit }: Field): WriteEntry {
  return (node, _at, inner, before) => {
    const text = node === undefined ? undefined : textOf(node);
    if (text === '' || text === undefined) {
      const isShown = omit === 'never' || (omit === 'absent' && text !== undefined);
      return isShown ? `${before}${key}: ""\n` : '';
    }
    return `${before}${key}: ${wordOf(text, inner)}\n`;
  };
}

/** Of values that take one line, and of those that are lists or maps only once they are read. */
function wordWriter({ key, shape, omit }: Field): WriteEntry {
  return (node, at, inner, before) => {
    const value = node === undefined ? undefined : shapeNode(node, shape, at);
    const printed = value ?? (omit === 'never' ? emptyOf(shape) : undefined);
    if (printed === undefined || printed === null || (omit === 'empty' && isZero(printed, shape))) return '';
    return entryLines(before, key, printed, inner);
  };
}

function blockWriter(field: Field): WriteEntry {
  const { key, shape, omit } = field;
  const block = blockOf(shape);
  const word = wordWriter(field);
  const isShownEmpty =
    shape.kind === 'struct' ? omit !== 'never' : shape.kind !== 'pairs' && omit !== 'empty';
  const empty = isShownEmpty ? `${key}: ${emptyBlock(shape)}\n` : '';
  return (node, at, inner, before) => {
    if (node === undefined) return '';
    const lines = block(node, at, inner, inner);
    if (lines === undefined) return shape.kind === 'struct' ? '' : word(node, at, inner, before);
    if (lines === '') return empty && `${before}${empty}`;
    return `${before}${key}:\n${lines}`;
  };
}

function emptyBlock(shape: Shape): string {
  return shape.kind === 'list' ? '[]' : '{}';
}

export function namedWriter({ value: shape, nullIsEmpty }: Kind<'map'>): WriteNamed {
  const block = blockOf(shape);
  return (name, node, at, inner, before) => {
    const lines = block(node, at, inner, inner);
    if (lines === undefined) {
      const printed: Json | undefined = shapeNode(node, shape, at);
      if (printed === undefined && nullIsEmpty) return `${before}${wordOf(name)}: {}\n`;
      return entryLines(before, name, printed ?? null, inner);
    }
    return lines === ''
      ? `${before}${wordOf(name)}: ${emptyBlock(shape)}\n`
      : `${before}${wordOf(name)}:\n${lines}`;
  };
}

function mapBlock(shape: Kind<'map'>): WriteBlock {
  const write = namedWriter(shape);
  return (node, at, indent, lead) => {
    if (node.kind !== 'map') return undefined;
    const { entries } = node;
    const inner = `${indent}  `;
    const keys = sortedKeys(entries, byName);
    let lines = '';
    let before = lead;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      lines += write(key, entries.get(key)!.value, at, inner, before);
      before = indent;
    }
    return lines;
  };
}

function listBlock({ item: shape }: Kind<'list'>): WriteBlock {
  const isText = shape.kind === 'string';
  const block = blockOf(shape);
  return (node, at, indent, lead) => {
    if (node.kind !== 'list') return undefined;
    const { items } = node;
    const inner = `${indent}  `;
    let lines = '';
    let before = lead;
    for (let index = 0; index < items.length; index++) {
      const item = items[index]!;
      // A mapping or list begins on the line of its dash.
      const own = isText ? undefined : block(item, at, inner, `${before}- `);
      if (own === undefined) {
        const printed = isText ? textOf(item) : shapeNode(item, shape, at);
        if (printed === undefined) continue;
        lines += itemLines(before, printed, inner);
      } else lines += own === '' ? `${before}- ${emptyBlock(shape)}\n` : own;
      before = indent;
    }
    return lines;
  };
}

function pairBlock({ nullable }: Kind<'pairs'>): WriteBlock {
  const none = nullable ? null : '';
  return (node, _at, indent, lead) => {
    const inner = `${indent}  `;
    const written = node.kind === 'map' ? node.entries : undefined;
    const read = written === undefined ? pairsIn(node, nullable) : undefined;
    const keys = sortedKeys(written ?? read!, byName);
    let lines = '';
    let before = lead;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!;
      const text = written === undefined ? read!.get(key)! : (textOf(written.get(key)!.value) ?? none);
      lines += `${before}${wordOf(key)}: ${text === null ? 'null' : wordOf(text, inner)}\n`;
      before = indent;
    }
    return lines;
  };
}

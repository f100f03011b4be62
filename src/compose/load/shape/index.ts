/**
 * The canonical form: a normalised tree printed exactly as `docker compose config --format json` prints it.
 * In: a tree in long syntax. Out: plain JSON with keys in the reference's order, typed values, zeros left out.
 * Never: invents a value that is neither written nor implied by the table; reports the same mistake twice.
 */
import type { Json } from '../../model/project.ts';
import { define, type MapNode, type Node } from '../node.ts';
import { sortedKeys } from '../order.ts';
import { scalarText } from '../scalars.ts';
import { keepExtensions } from './extensions.ts';
import { type Field, type Shape, type Struct, type StructTable, unranked } from './types.ts';
import { type Printing, shapeValue, textOf } from './values.ts';

export type JsonMap = { readonly [key: string]: Json };

/** Prints one map by its table; unknown keys (the schema has reported them) are left out, extensions kept aside. */
export function shapeStruct(node: MapNode, shape: Struct, printing: Printing): JsonMap {
  const result: Record<string, Json> = {};
  const { fields, values, hasOthers } = chosenOf(node, shape.table());
  for (let index = 0; index < fields.length; index++) {
    const { key, omit, shape, printed: name } = fields[index]!;
    const written = values[index];
    const value = written === undefined ? undefined : shapeNode(written, shape, printing);
    const printed = value ?? (omit === 'never' ? emptyOf(shape) : undefined);
    if (printed === undefined || (omit === 'empty' && isZero(printed, shape))) continue;
    result[name ?? key] = printed;
  }
  if (hasOthers) keepExtensions(result, node);
  return result;
}

interface Chosen {
  /** Those that may be printed, in their order. */
  readonly fields: readonly Field[];
  /** What is written of each of them. */
  readonly values: readonly (Node | undefined)[];
  /** Whether the map has keys that are no fields. */
  readonly hasOthers: boolean;
}

/** A service has ten fields of a hundred, and mostly in order already. */
export function chosenOf(node: MapNode, { byKey, always }: StructTable): Chosen {
  const { entries } = node;
  const fields: Field[] = [];
  const values: (Node | undefined)[] = [];
  let hasOthers = false;
  const choose = (field: Field, value: Node | undefined): void => {
    const { rank } = field;
    if (rank === unranked) return;
    let at = fields.push(field) - 1;
    values.push(value);
    if (at === 0 || fields[at - 1]!.rank < rank) return;
    for (; at > 0 && fields[at - 1]!.rank > rank; at--) {
      fields[at] = fields[at - 1]!;
      values[at] = values[at - 1];
    }
    fields[at] = field;
    values[at] = value;
  };
  entries.forEach((entry, key) => {
    const field = byKey.get(key);
    if (field === undefined) hasOthers = true;
    else choose(field, entry.value);
  });
  for (let index = 0; index < always.length; index++) {
    const field = always[index]!;
    if (!entries.has(field.key)) choose(field, undefined);
  }
  return { fields, values, hasOthers };
}

/** `undefined`: nothing to print (null, or a value that was reported). */
export function shapeNode(node: Node, shape: Shape, printing: Printing): Json | undefined {
  switch (shape.kind) {
    // Most values are.
    case 'string':
      return textOf(node);
    case 'struct':
      return node.kind === 'map' ? shapeStruct(node, shape, printing) : undefined;
    case 'map': {
      if (node.kind !== 'map') return undefined;
      const result: Record<string, Json> = {};
      sortedKeys(node.entries).forEach((key) => {
        const { value } = node.entries.get(key)!;
        const printed = shapeNode(value, shape.value, printing);
        define(result, key, printed ?? (shape.nullIsEmpty ? emptyOf(shape.value) : null));
      });
      return result;
    }
    case 'list': {
      if (node.kind === 'scalar') {
        return shape.fromString && node.value !== null ? [scalarText(node.value)] : undefined;
      }
      if (node.kind !== 'list') return undefined;
      const items: Json[] = [];
      for (let index = 0; index < node.items.length; index++) {
        const printed = shapeNode(node.items[index]!, shape.item, printing);
        if (printed !== undefined) items.push(printed);
      }
      return items;
    }
    default:
      return shapeValue(node, shape, printing);
  }
}

export function emptyOf(shape: Shape): Json {
  if (shape.kind === 'struct') {
    const { always } = shape.table();
    return Object.fromEntries(always.map((field) => [field.printed ?? field.key, emptyOf(field.shape)]));
  }
  return zeros[shape.kind] ?? null;
}

const zeros: Readonly<Partial<Record<Shape['kind'], Json>>> = {
  boolean: false,
  integer: 0,
  string: '',
  size: '0',
};

export function isZero(value: Json, shape: Shape): boolean {
  if (value === null || value === '' || value === 0 || value === false || value === '0s') return true;
  if (shape.kind === 'map') return Object.keys(value as object).length === 0;
  return Array.isArray(value) && value.length === 0;
}

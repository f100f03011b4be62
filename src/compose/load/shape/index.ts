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
import type { Field, Shape, Struct } from './types.ts';
import { type Printing, shapeValue, textOf } from './values.ts';

export type JsonMap = { readonly [key: string]: Json };

/** Prints one map by its table; unknown keys (the schema has reported them) are left out, extensions kept aside. */
export function shapeStruct(node: MapNode, shape: Struct, printing: Printing): JsonMap {
  const result: Record<string, Json> = {};
  const { fields, hasOthers } = fieldsOf(node, shape);
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    const { key, omit } = field;
    const entry = node.entries.get(key);
    const value = entry === undefined ? undefined : shapeNode(entry.value, field.shape, printing);
    const printed = value ?? (omit === 'never' ? emptyOf(field.shape) : undefined);
    if (printed === undefined || (omit === 'empty' && isZero(printed, field.shape))) continue;
    result[field.printed ?? key] = printed;
  }
  if (hasOthers) keepExtensions(result, node);
  return result;
}

/** Those that may be printed of a map, in order, and whether it has other keys. */
export function fieldsOf(
  node: MapNode,
  shape: Struct,
): { readonly fields: readonly Field[]; readonly hasOthers: boolean } {
  const { byKey, always } = shape.table();
  const fields = always.slice();
  let hasOthers = false;
  node.entries.forEach((_, key) => {
    const field = byKey.get(key);
    if (field === undefined) hasOthers = true;
    else if (field.omit === 'empty' || field.omit === 'absent') insert(fields, field);
  });
  return { fields, hasOthers };
}

/** In printing order: a service has ten fields of a hundred, and mostly in order already. */
function insert(fields: Field[], field: Field): void {
  fields.push(field);
  for (let at = fields.length - 1; at > 0 && fields[at - 1]!.rank > field.rank; at--) {
    fields[at] = fields[at - 1]!;
    fields[at - 1] = field;
  }
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

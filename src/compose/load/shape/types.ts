/** What a printed value looks like: its type, its keys in printing order, and what is left out when empty. */

import { lazy } from '../rules.ts';

export type Shape =
  | { readonly kind: 'string' | 'boolean' | 'integer' | 'number' | 'size' | 'duration' | 'mode' }
  /** A whole number from 0. */
  | { readonly kind: 'natural' }
  /** Anything, as it was written. */
  | { readonly kind: 'raw' }
  /** `["CMD", …]`, a line to split into words, or null for the image's own. */
  | { readonly kind: 'command' }
  /** As `command`, where a line means `["CMD-SHELL", line]`. */
  | { readonly kind: 'healthtest' }
  | { readonly kind: 'list'; readonly item: Shape; readonly fromString: boolean }
  | { readonly kind: 'map'; readonly value: Shape; readonly nullIsEmpty: boolean }
  /** `K=V` lists and maps alike; `nullable` keeps a name without value apart from an empty one. */
  | { readonly kind: 'pairs'; readonly nullable: boolean }
  /** `["host=address", …]`, sorted. */
  | { readonly kind: 'hosts' }
  /** `["id=path", …]` of a map, sorted. */
  | { readonly kind: 'keys' }
  /** A number, or `{soft, hard}`. */
  | { readonly kind: 'ulimit' }
  /** A count, or `all`, which is -1. */
  | { readonly kind: 'count' }
  | Struct;

export interface Struct {
  readonly kind: 'struct';
  /** In printing order. */
  readonly fields: readonly Field[];
  readonly table: () => StructTable;
  /** A key without which YAML has nothing of it. */
  readonly needs: string | undefined;
}

export interface StructTable {
  readonly byKey: ReadonlyMap<string, Field>;
  /** Those that are printed in any case. */
  readonly always: readonly Field[];
}

export interface Field {
  readonly key: string;
  readonly shape: Shape;
  /** `empty`: left out when zero. `absent`: left out when not written. `never`: always there. `always`: accepted and not printed. */
  readonly omit: 'empty' | 'absent' | 'never' | 'always';
  /** What the key is called when printed, where that differs. */
  readonly printed: string | undefined;
  /** Its place in printing order, or `unranked` when it is never printed. */
  readonly rank: number;
}

export const unranked = -1;

export const text = made({ kind: 'string' });
export const flag = made({ kind: 'boolean' });
export const integer = made({ kind: 'integer' });
export const natural = made({ kind: 'natural' });
export const number = made({ kind: 'number' });
export const size = made({ kind: 'size' });
export const duration = made({ kind: 'duration' });
export const mode = made({ kind: 'mode' });
export const raw = made({ kind: 'raw' });
export const command = made({ kind: 'command' });
export const healthtest = made({ kind: 'healthtest' });
export const pairs = made({ kind: 'pairs', nullable: false });
export const variables = made({ kind: 'pairs', nullable: true });
export const hosts = made({ kind: 'hosts' });
export const keys = made({ kind: 'keys' });
export const ulimit = made({ kind: 'ulimit' });
export const count = made({ kind: 'count' });
export const texts = made({ kind: 'list', item: text, fromString: true });

export function listOf(item: Shape): Shape {
  return made({ kind: 'list', item, fromString: false });
}

export function mapOf(value: Shape): Shape {
  return made({ kind: 'map', value, nullIsEmpty: false });
}

/** A map whose entries may be written as null and are printed as empty. */
export function resourcesOf(value: Shape): Shape {
  return made({ kind: 'map', value, nullIsEmpty: true });
}

/** All with the same properties, as nodes have them: every value of a project is looked up by one. */
function made(shape: Exclude<Shape, Struct>): Shape {
  const blank = { kind: '', item: undefined, value: undefined, fromString: false, nullIsEmpty: false };
  return Object.assign(blank, { nullable: false }, shape) as Shape;
}

/** A suffix says what is left out: `key?` when not written, `key!` never, `key-` always, nothing when empty. */
export function struct(shapes: () => Readonly<Record<string, Shape>>, needs?: string): Struct {
  return structOf(() => Object.entries(shapes()).map(([name, shape]) => fieldOf(name, shape)), needs);
}

/** Its fields are made when they are first asked for: few projects have a thing of every kind. */
export function structOf(make: () => readonly FieldWritten[], needs?: string): Struct {
  const fields = lazy(() =>
    make().map(({ key, shape, omit, printed }, index) => ({
      key,
      shape,
      omit,
      printed,
      rank: omit === 'always' ? unranked : index,
    })),
  );
  const table = lazy(() => ({
    byKey: new Map(fields().map((field) => [field.key, field])),
    always: fields().filter(({ omit }) => omit === 'never'),
  }));
  return {
    kind: 'struct',
    get fields() {
      return fields();
    },
    table,
    needs,
  };
}

interface FieldWritten extends Pick<Field, 'key' | 'shape' | 'omit'> {
  readonly printed?: string;
}

function fieldOf(name: string, shape: Shape): FieldWritten {
  const suffix = name.at(-1);
  if (suffix === '?') return { key: name.slice(0, -1), shape, omit: 'absent' };
  if (suffix === '-') return { key: name.slice(0, -1), shape, omit: 'always' };
  if (suffix === '!') return { key: name.slice(0, -1), shape, omit: 'never' };
  return { key: name, shape, omit: 'empty' };
}

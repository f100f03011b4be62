/**
 * The tree that every loading phase works on: plain values that remember where they were written. A node is itself the
 * place that it was written at, and an entry that of its key.
 * Nodes are never changed in place, so that YAML aliases may share them.
 */
import type { Json } from '../model/project.ts';
import type { Source, Span } from './source.ts';

export type Node = ScalarNode | ListNode | MapNode;
export type ScalarValue = string | number | boolean | null;

export type Tag = 'reset' | 'override';

interface Common extends Span {
  /** `!reset` and `!override`: how this value treats what earlier files said. */
  readonly tag: Tag | undefined;
}

export interface ScalarNode extends Common {
  readonly kind: 'scalar';
  readonly value: ScalarValue;
}

export interface ListNode extends Common {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Common {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The place is that of the key. */
export interface Entry extends Span {
  readonly value: Node;
}

// All nodes of a kind are made by one of these, with the same properties in the same order, absent ones too: V8 finds
// a property of objects that were made alike at once, and searches for one of objects made in many ways.

export function scalar(value: ScalarValue, { source, start, end, trace }: Span, tag?: Tag): ScalarNode {
  return { kind: 'scalar', source, start, end, trace, tag, value };
}

export function list(items: readonly Node[], { source, start, end, trace }: Span, tag?: Tag): ListNode {
  return { kind: 'list', source, start, end, trace, tag, items };
}

export function map(
  entries: ReadonlyMap<string, Entry>,
  { source, start, end, trace }: Span,
  tag?: Tag,
): MapNode {
  return { kind: 'map', source, start, end, trace, tag, entries };
}

export function entryOf({ source, start, end, trace }: Span, value: Node): Entry {
  return { source, start, end, trace, value };
}

/** The same two of a stretch that nothing else needs. */
export function scalarAt(value: ScalarValue, source: Source, start: number, end: number): ScalarNode {
  return { kind: 'scalar', source, start, end, trace: undefined, tag: undefined, value };
}

export function entryAt(value: Node, source: Source, start: number, end: number): Entry {
  return { source, start, end, trace: undefined, value };
}

/** The same node with another value. */
export function withValue(node: ScalarNode, value: ScalarValue): ScalarNode {
  return scalar(value, node, node.tag);
}

export function withItems(node: ListNode, items: readonly Node[]): ListNode {
  return list(items, node, node.tag);
}

export function withEntries(node: MapNode, entries: ReadonlyMap<string, Entry>): MapNode {
  return map(entries, node, node.tag);
}

/** The same value at another place. */
export function placed<T extends Node>(node: T, at: Span): T {
  return remade(node, at, node.tag) as T;
}

export function withTag(node: Node, tag: Tag): Node {
  return remade(node, node, tag);
}

function remade(node: Node, at: Span, tag: Tag | undefined): Node {
  switch (node.kind) {
    case 'scalar':
      return scalar(node.value, at, tag);
    case 'list':
      return list(node.items, at, tag);
    case 'map':
      return map(node.entries, at, tag);
  }
}

/** A tree for values that a short form stands for: all of it is blamed on that short form. */
export function fromJson(value: Json | undefined, at: Span): Node {
  if (value === null || value === undefined) return scalar(null, at);
  if (typeof value !== 'object') return scalar(value, at);
  if (Array.isArray(value)) {
    return list(
      value.map((item) => fromJson(item, at)),
      at,
    );
  }
  const entries = new Map<string, Entry>();
  const tree = value as { readonly [key: string]: Json | undefined };
  Object.keys(tree).forEach((key) => {
    const item = tree[key];
    if (item !== undefined) entries.set(key, entryOf(at, fromJson(item, at)));
  });
  return map(entries, at);
}

export function toJson(node: Node): Json {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map': {
      // V8 plans for few keys, each time another one is set, and makes a table of many only in the end.
      const result = (node.entries.size > fewKeys ? Object.create(null) : {}) as Record<string, Json>;
      node.entries.forEach((entry, key) => {
        const { value } = entry;
        const plain = value.kind === 'scalar' ? value.value : toJson(value);
        if (key === '__proto__') define(result, key, plain);
        else result[key] = plain;
      });
      return result;
    }
  }
}

const fewKeys = 30;

/** Sets a key that may be called `__proto__`. */
export function define<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}

export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** The node under several keys, `undefined` as soon as one is missing. */
export function descend(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  return keys.reduce(child, node);
}

export function entriesOf(node: Node | undefined): Iterable<readonly [string, Entry]> {
  return node?.kind === 'map' ? node.entries : [];
}

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : noItems;
}

const noItems: readonly Node[] = [];

export function stringOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function isNull(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

/** What `new Map(entries)` makes, without a pair and an iteration's result for each of them. */
function copyOf(entries: ReadonlyMap<string, Entry>): Map<string, Entry> {
  const copy = new Map<string, Entry>();
  entries.forEach((entry, key) => {
    copy.set(key, entry);
  });
  return copy;
}

/** The same map with one key set (at its old place if it had one). `at` is where a new key is blamed. */
export function withKey(node: MapNode, key: string, value: Node, at?: Span): MapNode {
  const entries = copyOf(node.entries);
  entries.set(key, entryOf(at ?? node.entries.get(key) ?? value, value));
  return withEntries(node, entries);
}

export function withoutKey(node: MapNode, key: string): MapNode {
  if (!node.entries.has(key)) return node;
  const entries = copyOf(node.entries);
  entries.delete(key);
  return withEntries(node, entries);
}

/** Replaces each value; `undefined` drops its key. Keeps identity, and copies nothing, when nothing changed. */
export function mapValues(
  node: MapNode,
  change: (value: Node, key: string, entry: Entry) => Node | undefined,
): MapNode {
  let changed: Map<string, Entry> | undefined;
  node.entries.forEach((entry, key) => {
    changed = changedAt(key, entry, change(entry.value, key, entry), changed, node);
  });
  return changed === undefined ? node : withEntries(node, changed);
}

/** The same for those keys alone that a table has something for. */
export function mapNamed<R>(
  node: MapNode,
  table: ReadonlyMap<string, R>,
  change: (value: Node, own: R, key: string, entry: Entry) => Node | undefined,
): MapNode {
  const { entries } = node;
  let changed: Map<string, Entry> | undefined;
  if (table.size < entries.size)
    table.forEach((own, key) => {
      const entry = entries.get(key);
      if (entry !== undefined)
        changed = changedAt(key, entry, change(entry.value, own, key, entry), changed, node);
    });
  else
    entries.forEach((entry, key) => {
      const own = table.get(key);
      if (own !== undefined)
        changed = changedAt(key, entry, change(entry.value, own, key, entry), changed, node);
    });
  return changed === undefined ? node : withEntries(node, changed);
}

/** The entries that have changed so far, which are copied at the first of them. */
function changedAt(
  key: string,
  before: Entry,
  value: Node | undefined,
  changed: Map<string, Entry> | undefined,
  node: MapNode,
): Map<string, Entry> | undefined {
  if (value === before.value) return changed;
  const entries = changed ?? copyOf(node.entries);
  if (value === undefined) entries.delete(key);
  else entries.set(key, entryOf(before, value));
  return entries;
}

export function mapItems(node: ListNode, change: (item: Node, index: number) => Node): ListNode {
  let items: Node[] | undefined;
  node.items.forEach((item, index) => {
    const next = change(item, index);
    if (next === item) return;
    items ??= [...node.items];
    items[index] = next;
  });
  return items === undefined ? node : withItems(node, items);
}

/** Changes the value under a path of keys; does nothing where the path leads nowhere. */
export function updateIn(
  node: Node,
  keys: readonly string[],
  change: (value: Node) => Node | undefined,
): Node {
  const [key, ...rest] = keys;
  if (key === undefined || node.kind !== 'map') return node;
  const entry = node.entries.get(key);
  if (entry === undefined) return node;
  const value = rest.length === 0 ? change(entry.value) : updateIn(entry.value, rest, change);
  if (value === entry.value) return node;
  return value === undefined ? withoutKey(node, key) : withKey(node, key, value);
}

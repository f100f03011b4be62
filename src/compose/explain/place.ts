/** The canonical form and the tree that it was made of, walked side by side: each printed value with its node. */
import { asHosts } from '../load/merge.ts';
import { isNull, type MapNode, type Node } from '../load/node.ts';
import type { Span } from '../load/source.ts';
import type { Through } from '../load/trace.ts';
import type { Json } from '../model/project.ts';

export interface Place {
  readonly path: string;
  /** The last part of the path: a key, or the number of an item. */
  readonly key: string;
  readonly value: Json;
  /** Absent: only the canonical form has it, because it says so for every project. */
  readonly node: Node | undefined;
  /** Where the key stands. */
  readonly keyAt: Span | undefined;
  /** What led to the mappings and lists around it. */
  readonly around: readonly Through[];
}

export function rootOf(value: Json, tree: MapNode): Place {
  return { path: '', key: '', value, node: tree, keyAt: undefined, around: [] };
}

export function childrenOf(place: Place): readonly Place[] {
  const { value, path } = place;
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) {
    const nodes = itemNodes(place, value as readonly Json[]);
    return (value as readonly Json[]).map((item, index) =>
      childOf(place, { path: `${path}[${index}]`, key: String(index), value: item, entry: nodes[index] }),
    );
  }
  return Object.entries(value as Readonly<Record<string, Json>>).map(([key, item]) =>
    childOf(place, {
      path: path === '' ? key : `${path}.${key}`,
      key,
      value: item,
      entry: entryIn(place, key),
    }),
  );
}

interface Found {
  readonly key?: Span;
  readonly value: Node;
}

function childOf(
  { node: parent, around }: Place,
  child: Pick<Place, 'path' | 'key' | 'value'> & { readonly entry: Found | undefined },
): Place {
  const { entry, ...rest } = child;
  const node = entry?.value;
  const led = node !== undefined && parent !== undefined && isWithin(node, parent);
  const inherited = led ? [...(parent.trace?.through ?? []), ...around] : [];
  return { ...rest, node, keyAt: entry?.key, around: inherited };
}

/** Whether the child, or the alias that stands for it, is written inside the parent: merging puts others beside it. */
function isWithin(node: Node, parent: Node): boolean {
  const { source, start, end } = node.trace?.through?.at(-1)?.at ?? node;
  return source === parent.source && start >= parent.start && end <= parent.end;
}

function entryIn({ node }: Place, key: string): Found | undefined {
  if (node?.kind === 'map') {
    // Some keys of `blkio_config` are printed with a capital.
    const entry = node.entries.get(key) ?? node.entries.get(key.toLowerCase());
    return entry && { key: entry, value: entry.value };
  }
  if (node?.kind === 'list') {
    const item = node.items.find(({ kind, ...rest }) => kind === 'scalar' && keyOfPair(rest) === key);
    return item && { key: item, value: item };
  }
  return node && { key: node, value: node };
}

function keyOfPair(item: object): string | undefined {
  return 'value' in item ? String(item.value).split('=', 1)[0] : undefined;
}

/** Lists that are printed sorted are `key=value` pairs: found by what they say. */
function itemNodes({ node }: Place, values: readonly Json[]): readonly (Found | undefined)[] {
  if (node?.kind === 'scalar') return values.map(() => ({ value: node }));
  const items = node?.kind === 'map' ? asHosts(node).items : (node?.items ?? []);
  return values.map((value, index) => {
    const same = items.find(
      (item) => item.kind === 'scalar' && typeof value === 'string' && item.value === value,
    );
    const item = same ?? items[index];
    return item && { value: item };
  });
}

/**
 * Whether the whole value was written as one: a short form, or what took the place of something else as a whole.
 * Such a value is explained once and not part by part.
 */
export function isOneValue(place: Place): boolean {
  const { value, node } = place;
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) return true;
  if (node === undefined) return true;
  if (node.kind === 'scalar') return true;
  const parts = partsOf(node);
  if (parts.some((part) => isMadeOfOne(part, node))) return true;
  return node.trace?.over !== undefined && isPlain(node, node);
}

/** A part at the place of the whole: both are what one written value, or one reason, stands for. */
function isMadeOfOne(part: Node, whole: Node): boolean {
  const reason = part.trace?.implied;
  const isReasoned = part.kind === 'scalar' && !isNull(part) && reason === whole.trace?.implied;
  return (reason === undefined || isReasoned) && isSamePlace(part, whole);
}

function partsOf(node: Node): readonly Node[] {
  if (node.kind === 'map') return [...node.entries.values()].map(({ value }) => value);
  return node.kind === 'list' ? node.items : [];
}

function isSamePlace(one: Span, other: Span): boolean {
  return one.source === other.source && one.start === other.start && one.end === other.end;
}

/** Nothing in it has a story of its own. */
function isPlain(node: Node, whole: Node): boolean {
  return partsOf(node).every(
    (part) => part.trace === undefined && isWithin(part, whole) && isPlain(part, whole),
  );
}

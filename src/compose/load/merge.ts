/** Phase: lays a later file's tree over an earlier one, by the rules of `merge-rules.ts`. */

import { type MergeRule, mergeRules } from './merge-rules.ts';
import {
  type Entry,
  entriesOf,
  entryOf,
  fromJson,
  isNull,
  type ListNode,
  list,
  type MapNode,
  map,
  type Node,
  type ScalarNode,
  scalar,
  withEntries,
  withItems,
} from './node.ts';
import { byText } from './order.ts';
import type { Problems } from './problems.ts';
import { settleTags } from './resets.ts';
import { type Rules, step } from './rules.ts';
import { scalarText } from './scalars.ts';
import { spanOf } from './source.ts';
import { takingPlace } from './trace.ts';

/** The whole model: neither tree is changed. */
export function mergeModels(
  base: MapNode,
  over: MapNode,
  { problems, mayHoldTags }: { readonly problems: Problems; readonly mayHoldTags: boolean },
): MapNode {
  const settled = mayHoldTags ? settleTags(base, over) : { base, over };
  return mergeMaps(settled.base, settled.over, { rules: mergeRules(), path: '', problems });
}

/** One service over another, as `extends` does. */
export function mergeServices(base: MapNode, over: MapNode, name: string, problems: Problems): MapNode {
  const rules = step(step(mergeRules(), 'services'), name);
  const settled = settleTags(base, over);
  return mergeMaps(settled.base, settled.over, { rules, path: `services.${name}`, problems });
}

/** Two definitions of one thing, such as `['services', 'web']`. */
export function mergeNamed(
  base: Node,
  over: Node,
  [section, name]: readonly [string, string],
  problems: Problems,
): Node {
  const rules = step(step(mergeRules(), section), name);
  if (base.kind === 'map' && over.kind === 'map') {
    const settled = settleTags(base, over);
    return mergeMaps(settled.base, settled.over, { rules, path: `${section}.${name}`, problems });
  }
  return mergeNodes(base, over, { rules, path: `${section}.${name}`, problems });
}

interface Place {
  readonly rules: Rules<MergeRule> | undefined;
  readonly path: string;
  readonly problems: Problems;
}

function mergeMaps(base: MapNode, over: MapNode, place: Place): MapNode {
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    const before = base.entries.get(key);
    if (before === undefined) entries.set(key, entry);
    else {
      const value = mergeNodes(before.value, entry.value, {
        rules: step(place.rules, key),
        path: place.path === '' ? key : `${place.path}.${key}`,
        problems: place.problems,
      });
      entries.set(key, entryOf(isNull(entry.value) ? before : entry, value));
    }
  }
  return withEntries(base, entries);
}

function mergeNodes(base: Node, over: Node, place: Place): Node {
  const rule = place.rules?.value;
  if (rule === 'replace') return takingPlace(over, base);
  if (isNull(over)) return base;
  if (isNull(base)) return over;
  if (rule !== undefined) return mergers[rule](base, over, place);
  if (base.kind === 'map' || base.kind === 'list') {
    if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, place);
    if (base.kind === 'list' && over.kind === 'list') return append(base, over);
    return refuse(base, over, place);
  }
  return takingPlace(over, base);
}

type Merger = (base: Node, over: Node, place: Place) => Node;

const mergers: Readonly<Record<MergeRule, Merger>> = {
  replace: (base, over) => takingPlace(over, base),
  append: (base, over, place) => {
    refuseNested(over, place);
    return append(asSequence(base), asSequence(over));
  },
  'append-hosts': (base, over) => appendNew(asHosts(base), asHosts(over)),
  'names-to-null': (base, over, place) => mergeAsMaps(namesToMap(base, null), namesToMap(over, null), place),
  'names-to-dependency': (base, over, place) =>
    mergeAsMaps(namesToMap(base, dependency), namesToMap(over, dependency), place),
  build: (base, over, place) => mergeAsMaps(contextToMap(base), contextToMap(over), place),
  logging: mergeLogging,
  ipam: mergeIpam,
  ulimit: (base, over, place) =>
    base.kind === 'map' && over.kind === 'map' ? mergeMaps(base, over, place) : takingPlace(over, base),
};

const dependency = { condition: 'service_started', required: true };

function mergeAsMaps(base: Node, over: Node, place: Place): Node {
  return base.kind === 'map' && over.kind === 'map'
    ? mergeMaps(base, over, place)
    : refuse(base, over, place);
}

function refuse(base: Node, over: Node, place: Place): Node {
  const kinds = { map: 'a mapping', list: 'a list', scalar: 'a single value' };
  place.problems.add({
    code: 'COMPOSE_MERGE',
    message: `cannot override ${place.path}: it is ${kinds[base.kind]} in the earlier file and ${kinds[over.kind]} here`,
    at: over,
    hint: 'write it in the same form, or put !override before the value to replace all of it',
  });
  return base;
}

/** What is no text could not be told from a name without value once it is an item. */
function refuseNested(node: Node, { path, problems }: Place): void {
  for (const [key, entry] of entriesOf(node)) {
    const { kind } = entry.value;
    if (kind === 'scalar') continue;
    problems.add({
      code: 'COMPOSE_TYPE',
      message: `${path}.${key} must be a single value, not a ${kind === 'map' ? 'mapping' : 'list'}`,
      at: entry,
    });
  }
}

function append(base: ListNode, over: ListNode): ListNode {
  return withItems(base, [...base.items, ...over.items]);
}

function appendNew(base: ListNode, over: ListNode): ListNode {
  const seen = new Set(base.items.map((item) => (item.kind === 'scalar' ? item.value : item)));
  const fresh = over.items.filter((item) => item.kind !== 'scalar' || !seen.has(item.value));
  return withItems(base, [...base.items, ...fresh]);
}

/** `{K: V}` is `["K=V"]` in order of these texts, `{K: null}` is `["K"]`, a lone string is a list of one. */
export function asSequence(node: Node): ListNode {
  if (node.kind === 'list') return node;
  if (node.kind === 'scalar') return list(node.value === null ? [] : [node], node);
  const items: ScalarNode[] = [];
  for (const [key, at] of node.entries) {
    const { value } = at;
    const end = value.kind === 'scalar' && sameSource(at, value) ? value.end : at.end;
    const span = spanOf(at, at.start, end, value.trace);
    if (value.kind !== 'scalar' || value.value === null) items.push(scalar(key, span));
    else items.push(scalar(`${key}=${scalarText(value.value)}`, span));
  }
  return list(
    items.sort((a, b) => byText(String(a.value), String(b.value))),
    node,
  );
}

function sameSource(a: { source: unknown; end: number }, b: { source: unknown; start: number }): boolean {
  return a.source === b.source && a.end <= b.start;
}

/** `{host: [a, b]}` is `["host=a", "host=b"]`. */
export function asHosts(node: Node): ListNode {
  if (node.kind !== 'map') return asSequence(node);
  const items: Node[] = [];
  for (const [host, { value }] of node.entries) {
    for (const address of value.kind === 'list' ? value.items : [value]) {
      if (address.kind === 'scalar') items.push(scalar(`${host}=${address.value}`, address));
    }
  }
  return list(items, node);
}

function namesToMap(node: Node, value: typeof dependency | null): Node {
  if (node.kind !== 'list') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return node;
    entries.set(item.value, entryOf(item, fromJson(value, item)));
  }
  return map(entries, node);
}

function contextToMap(node: Node): Node {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return node;
  return map(new Map([['context', entryOf(node, node)]]), node);
}

function mergeLogging(base: Node, over: Node, place: Place): Node {
  if (base.kind !== 'map' || over.kind !== 'map') return refuse(base, over, place);
  const before = driverOf(base);
  const after = driverOf(over);
  return before === after || before === undefined || after === undefined
    ? mergeMaps(base, over, place)
    : takingPlace(over, base);
}

function driverOf(logging: MapNode): unknown {
  const driver = logging.entries.get('driver')?.value;
  return driver?.kind === 'scalar' ? driver.value : undefined;
}

/** The later file says which pools there are, and may leave to the earlier what else it says of one. */
function mergeIpam(base: Node, over: Node, place: Place): Node {
  if (base.kind !== 'list' || over.kind !== 'list') return refuse(base, over, place);
  const items = over.items.map((pool) => {
    const before = base.items.find((item) => subnetOf(item) === subnetOf(pool));
    return before?.kind === 'map' && pool.kind === 'map' ? mergeMaps(before, pool, place) : pool;
  });
  return withItems(over, items);
}

function subnetOf(pool: Node): unknown {
  const subnet = pool.kind === 'map' ? pool.entries.get('subnet')?.value : undefined;
  return subnet?.kind === 'scalar' ? subnet.value : undefined;
}

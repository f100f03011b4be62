/** Phase: of list items that are the same thing, the later takes the earlier's place. */
import { posix } from 'node:path';
import { type Identity, identities } from './merge-rules.ts';
import { child, type ListNode, type MapNode, type Node, stringOf, toJson, withItems } from './node.ts';
import { mapRuled } from './rewrite.ts';
import { lazy, type Rules, rules } from './rules.ts';
import type { Span } from './source.ts';
import { takingPlace } from './trace.ts';
import { targetOf } from './volumes.ts';

/** `tell` hears of each item that another one takes the place of. */
export function dropRepeated(tree: MapNode, tell: Tell = () => undefined): MapNode {
  return visitMap(tree, identities(), '', tell);
}

/** In long syntax, which can reveal more of them: a range of ports holds one that another entry names. */
export function dropRevealed(tree: MapNode): MapNode {
  return visitMap(tree, revealed(), '', () => undefined);
}

const revealed = lazy(() => rules<Identity>({ 'services.*.ports': 'port' }));

type Tell = (path: string, repeated: Repeated) => void;

export interface Repeated {
  /** What makes the two the same thing. */
  readonly what: string;
  /** The one that is dropped. */
  readonly at: Span;
  /** Both say the same. */
  readonly isSame: boolean;
}

function visitMap(node: MapNode, table: Rules<Identity>, path: string, tell: Tell): MapNode {
  return mapRuled(node, table, (value, next, key) => {
    if (value.kind === 'scalar') return value;
    const at = path === '' ? key : `${path}.${key}`;
    if (value.kind === 'map') return visitMap(value, next, at, tell);
    if (next.value !== undefined) {
      return unique(value, next.value, (repeated) => tell(at, repeated));
    }
    return value;
  });
}

function unique(node: ListNode, identity: Identity, tell: (repeated: Repeated) => void): ListNode {
  if (node.items.length < 2) return node;
  const identify = identifiers[identity];
  const items: Node[] = [];
  const places = new Map<string, number>();
  node.items.forEach((item) => {
    const id = identify(item);
    const place = id === undefined ? undefined : places.get(id);
    if (id !== undefined && place !== undefined) {
      const earlier = items[place]!;
      const isSame = JSON.stringify(toJson(earlier)) === JSON.stringify(toJson(item));
      tell({ what: id, at: earlier, isSame });
      items[place] = takingPlace(item, earlier);
    } else {
      if (id !== undefined) places.set(id, items.length);
      items.push(item);
    }
  });
  return items.length === node.items.length ? node : withItems(node, items);
}

/** `undefined`: like nothing else. */
type Identify = (item: Node) => string | undefined;

const identifiers: Readonly<Record<Identity, Identify>> = {
  key: (item) => stringOf(item)?.split('=', 1)[0],
  'env-file': (item) => stringOf(child(item, 'path')) ?? stringOf(item),
  expose: (item) => (item.kind === 'scalar' && item.value !== null ? String(item.value) : undefined),
  target: (item) => stringOf(child(item, 'target')) ?? targetOf(stringOf(item) ?? ''),
  'config-target': (item) => mountTarget(item, '/'),
  'secret-target': (item) => mountTarget(item, '/run/secrets'),
  port: portIdentity,
};

function mountTarget(item: Node, directory: string): string | undefined {
  const short = stringOf(item);
  if (short !== undefined) return posix.join(directory, short);
  const target = stringOf(child(item, 'target'));
  if (target !== undefined) return target;
  const source = stringOf(child(item, 'source'));
  return source === undefined ? undefined : posix.join(directory, source);
}

function portIdentity(item: Node): string | undefined {
  if (item.kind === 'scalar') return item.value === null ? undefined : String(item.value);
  const value = (key: string): string | undefined => {
    const node = child(item, key);
    return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
  };
  const target = value('target');
  if (target === undefined) return undefined;
  const host = value('host_ip') ?? '0.0.0.0';
  return `${host}:${value('published') ?? ''}:${target}/${value('protocol') ?? 'tcp'}`;
}

/** Phase: of list items that are the same thing, the later takes the earlier's place. */
import { posix } from 'node:path';
import { type Identity, identities } from './merge-rules.ts';
import { child, type ListNode, type MapNode, mapValues, type Node, stringOf } from './node.ts';
import { type Rules, step } from './rules.ts';
import { parseVolume } from './volumes.ts';

export function dropRepeated(tree: MapNode): MapNode {
  return visitMap(tree, identities());
}

function visitMap(node: MapNode, rules: Rules<Identity> | undefined): MapNode {
  if (rules === undefined) return node;
  return mapValues(node, (value, key) => {
    const next = step(rules, key);
    if (value.kind === 'map') return visitMap(value, next);
    if (value.kind === 'list' && next?.value !== undefined) return unique(value, next.value);
    return value;
  });
}

function unique(node: ListNode, identity: Identity): ListNode {
  const identify = identifiers[identity];
  const items: Node[] = [];
  const places = new Map<string, number>();
  for (const item of node.items) {
    const id = identify(item);
    const place = id === undefined ? undefined : places.get(id);
    if (place !== undefined) items[place] = item;
    else {
      if (id !== undefined) places.set(id, items.length);
      items.push(item);
    }
  }
  return items.length === node.items.length ? node : { ...node, items };
}

/** `undefined`: like nothing else. */
type Identify = (item: Node) => string | undefined;

const identifiers: Readonly<Record<Identity, Identify>> = {
  key: (item) => stringOf(item)?.split('=', 1)[0],
  'env-file': (item) => stringOf(child(item, 'path')) ?? stringOf(item),
  expose: (item) => (item.kind === 'scalar' ? String(item.value) : undefined),
  target: (item) => stringOf(child(item, 'target')) ?? shortTarget(stringOf(item)),
  'config-target': (item) => mountTarget(item, '/'),
  'secret-target': (item) => mountTarget(item, '/run/secrets'),
  port: portIdentity,
};

function shortTarget(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = parseVolume(text);
  return 'problem' in parsed ? undefined : parsed.mount.target;
}

function mountTarget(item: Node, directory: string): string | undefined {
  const short = stringOf(item);
  if (short !== undefined) return posix.join(directory, short);
  const target = stringOf(child(item, 'target'));
  if (target !== undefined) return target;
  const source = stringOf(child(item, 'source'));
  return source === undefined ? undefined : posix.join(directory, source);
}

function portIdentity(item: Node): string | undefined {
  if (item.kind === 'scalar') return String(item.value);
  const value = (key: string): string | undefined => {
    const node = child(item, key);
    return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
  };
  const target = value('target');
  if (target === undefined) return undefined;
  const host = value('host_ip') ?? '0.0.0.0';
  return `${host}:${value('published') ?? ''}:${target}/${value('protocol') ?? 'tcp'}`;
}

/** What the schema refuses, reported and taken out: files without mistakes never come here. */
import type { Json } from '../../model/project.ts';
import validate from '../generated/validate.mjs';
import { type MapNode, map, mapItems, mapValues, type Node, scalar } from '../node.ts';
import type { Problems } from '../problems.ts';
import { describe } from './describe.ts';
import { locate, type Place, unknownKey } from './place.ts';

/** `json`: the same tree as plain values. */
export function refuse(tree: MapNode, json: Json, problems: Problems): MapNode {
  validate(json);
  const refused = new Map<Node, Node>();
  const unknown = new Set<Node>();
  for (const error of validate.errors ?? []) {
    const place = locate(tree, error);
    if (place === undefined) continue;
    const description = describe(error, place);
    // Where a variable could not be replaced, what is left of the value says nothing more.
    if (description !== undefined && !problems.blames(place.at)) {
      problems.add({ ...description, at: place.at });
    }
    if (unknownKey(error) !== undefined) unknown.add(place.refuse);
    else refused.set(place.refuse, standIn(place));
  }
  return (withoutNodes(tree, refused, unknown) as MapNode | undefined) ?? tree;
}

/** A secret or config that is none is still one that is blamed already. */
function standIn({ keys, node }: Place): Node {
  const isGiven = keys.length === 2 && (keys[0] === 'secrets' || keys[0] === 'configs');
  return isGiven ? map(new Map(), node) : scalar(null, node);
}

/** Unknown keys go. A refused value leaves its key, so that nobody finds it missing, or its place among others. */
function withoutNodes(
  node: Node,
  refused: ReadonlyMap<Node, Node>,
  unknown: ReadonlySet<Node>,
): Node | undefined {
  if (unknown.has(node)) return undefined;
  const instead = refused.get(node);
  if (instead !== undefined) return instead;
  if (node.kind === 'map') return mapValues(node, (value) => withoutNodes(value, refused, unknown));
  if (node.kind !== 'list') return node;
  return mapItems(node, (item) => withoutNodes(item, refused, unknown) ?? item);
}

/**
 * Phase: the schema's verdict, turned into mistakes at the narrowest place.
 * What was refused is taken out of the tree, so that later phases can look for further mistakes.
 */
import accepts from './generated/accepts.mjs';
import { type MapNode, toJson } from './node.ts';
import type { Problems } from './problems.ts';

export async function validateTree(tree: MapNode, problems: Problems): Promise<MapNode> {
  const json = toJson(tree);
  if (accepts(json)) return tree;
  return (await import('./verdict/refuse.ts')).refuse(tree, json, problems);
}

/** `env_file: a.env` and `[a.env, {path: b.env}]` are lists of `{path, required}`. */
import { child, fromJson, list, type Node, scalar, stringOf, withKey } from '../node.ts';

export function longEnvFiles(node: Node): Node {
  const items = node.kind === 'list' ? node.items : [node];
  return list(items.map(longEnvFile), node);
}

function longEnvFile(node: Node): Node {
  const path = stringOf(node);
  if (path !== undefined) return fromJson({ path, required: true }, node);
  if (node.kind !== 'map' || child(node, 'required') !== undefined) return node;
  return withKey(node, 'required', scalar(true, node));
}

/** `secrets: [s]` and `configs: [c]` are lists of `{source}`. */
import { fromJson, type Node, stringOf } from '../node.ts';

export function longFileMount(node: Node): Node {
  const source = stringOf(node);
  return source === undefined ? node : fromJson({ source }, node);
}

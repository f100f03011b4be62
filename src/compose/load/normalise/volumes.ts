/** `volumes: ["./src:/app:ro"]`. */

import type { Json } from '../../model/project.ts';
import { fromJson, type Node, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import { parseVolume } from '../volumes.ts';
import type { NormaliseContext } from './index.ts';

export function longVolume(node: Node, at: RewriteContext<NormaliseContext>): Node {
  const text = stringOf(node);
  if (text === undefined) return node;
  const parsed = parseVolume(text);
  if ('mount' in parsed) return fromJson(parsed.mount as unknown as Json, node.at);
  if (!at.context.lenient) {
    at.context.problems.add({
      code: 'COMPOSE_VOLUME',
      message: `${at.path}: ${parsed.problem}`,
      at: node.at,
      hint: 'write "source:target[:ro]": a path that starts with . or /, or the name of a volume',
    });
  }
  return node;
}

/** `volumes: ["./src:/app:ro"]`. */

import type { Json } from '../../model/project.ts';
import { fromJson, mapValues, type Node, scalar, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import { within } from '../source.ts';
import { parseVolume } from '../volumes.ts';
import type { NormaliseContext } from './index.ts';

export function longVolume(node: Node, at: RewriteContext<NormaliseContext>): Node {
  const text = stringOf(node);
  if (text === undefined) return node;
  const parsed = parseVolume(text);
  if ('mount' in parsed) return blamedByPart(fromJson(parsed.mount as unknown as Json, node.at));
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

/** Source and target are blamed where they stand in the short form, as far as it is written there and no variable. */
function blamedByPart(mount: Node): Node {
  if (mount.kind !== 'map') return mount;
  const { source, start, end } = mount.at;
  const written = source.text.slice(start, end);
  return mapValues(mount, (value, key) => {
    const part = stringOf(value);
    if (part === undefined || part === '' || (key !== 'source' && key !== 'target')) return value;
    const offset = key === 'source' ? written.indexOf(`${part}:`) : written.indexOf(`:${part}`) + 1;
    return offset < 0 || (key === 'target' && offset === 0)
      ? value
      : scalar(part, within(mount.at, offset, part.length));
  });
}

/** The old `external: {name: x}` is `external: true` with `name: x`. */
import { child, type Node, scalar, stringOf, withKey } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { NormaliseContext } from './index.ts';

export function longExternal(node: Node, at: RewriteContext<NormaliseContext>): Node {
  if (node.kind !== 'map') return node;
  const external = child(node, 'external');
  if (external?.kind !== 'map') return node;
  const flagged = withKey(node, 'external', scalar(true, external));
  const name = child(external, 'name');
  if (name === undefined) return flagged;
  at.context.problems.warn({
    code: 'COMPOSE_DEPRECATED',
    message: `${at.path}: external.name is deprecated. Please set name and external: true`,
    at: name,
    hint: `write \`external: true\` and \`name: ${stringOf(name) ?? '…'}\` beside it`,
  });
  const own = child(node, 'name');
  if (own !== undefined && stringOf(own) !== stringOf(name)) {
    at.context.problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `${at.path}: name and external.name conflict; only use name`,
      at: name,
      hint: 'keep `name:` and write `external: true`',
    });
  }
  return withKey(flagged, 'name', name, name);
}

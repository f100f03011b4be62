/** `environment: ["K=V"]`, and the like of builds, hooks and commands of `watch`. */
import { mapItems, type Node, scalar, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { NormaliseContext } from './index.ts';

/** `K =V` would name a variable whose name ends with a blank, which nobody means. */
export function wellNamed(node: Node, at: RewriteContext<NormaliseContext>): Node {
  if (node.kind !== 'list' || at.context.lenient) return node;
  const { path, context } = at;
  return mapItems(node, (item, index) => {
    const [name = ''] = stringOf(item)?.split('=', 1) ?? [];
    if (!/\s$/.test(name)) return item;
    context.problems.add({
      code: 'COMPOSE_VALUE',
      message: `${path}[${index}]: the name "${name}" ends with a blank`,
      at: item,
      hint: 'write NAME=value, without a blank before the equals sign',
    });
    return scalar(null, item);
  });
}

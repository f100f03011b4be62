/** `devices: ["/dev/a:/dev/b:rw"]`; a name such as `vendor.com/class=gpu` maps to itself. */
import { fromJson, type Node, stringOf } from '../node.ts';
import type { RewriteContext } from '../rewrite.ts';
import type { NormaliseContext } from './index.ts';

export function longDevice(node: Node, at: RewriteContext<NormaliseContext>): Node {
  const text = stringOf(node);
  if (text === undefined) return node;
  const [source = '', target = '', permissions = 'rwm', extra] = text.split(':');
  if (extra !== undefined) {
    at.context.problems.add({
      code: 'COMPOSE_DEVICE',
      message: `${at.path}: confusing device mapping, please use long syntax: ${text}`,
      at: node,
      hint: 'write {source: …, target: …, permissions: rwm}',
    });
  }
  return fromJson({ source, target: target === '' ? source : target, permissions }, node);
}

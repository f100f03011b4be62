/** Phase: values that an attribute has when part of it is written. Whole attributes are never added here. */
import { child, type MapNode, type Node, scalar, stringOf, withKey } from './node.ts';
import { type Rewrite, rewriteTree } from './rewrite.ts';
import { lazy, rules } from './rules.ts';
import { implied } from './trace.ts';

export function applyDefaults(tree: MapNode): MapNode {
  return rewriteTree(tree, table(), undefined);
}

const table = lazy(() =>
  rules<Rewrite<undefined>>({
    'services.*.build': (node) => unlessSet(node, 'context', '.'),
    'services.*.secrets.[]': secretTarget,
    'services.*.ports.[]': (node) => unlessSet(unlessSet(node, 'mode', 'ingress'), 'protocol', 'tcp'),
    'services.*.deploy.resources.reservations.devices.[]': allDevices,
    'services.*.gpus.[]': allDevices,
  }),
);

function unlessSet(node: Node, key: string, value: string): Node {
  return node.kind === 'map' && child(node, key) === undefined
    ? withKey(node, key, scalar(value, implied(node, 'default of Compose')))
    : node;
}

function secretTarget(node: Node): Node {
  const source = stringOf(child(node, 'source'));
  return source === undefined ? node : unlessSet(node, 'target', `/run/secrets/${source}`);
}

function allDevices(node: Node): Node {
  const counted = child(node, 'count') !== undefined || child(node, 'device_ids') !== undefined;
  return counted ? node : unlessSet(node, 'count', 'all');
}

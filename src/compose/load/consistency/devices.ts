/** Devices: the node on the host, the node in the container, and what may be done with it. */
import { child, itemsOf, type Node, stringOf } from '../node.ts';
import type { Refuse } from './values.ts';

export function checkDevices(service: Node, refuse: Refuse): void {
  for (const [index, device] of itemsOf(child(service, 'devices')).entries()) {
    const path = `devices[${index}]`;
    checkPaths(device, path, refuse);
    const permissions = child(device, 'permissions');
    const text = stringOf(permissions) ?? '';
    if (/^[rwm]*$/.test(text)) continue;
    const hint = 'write some of r (read), w (write) and m (make nodes), such as rwm';
    refuse(`${path}.permissions`, permissions, `"${text}" is no set of permissions`, hint);
  }
}

/** A name such as `vendor.com/class=gpu` stands for whatever its vendor has described. */
const deviceName = /^[^/]+\/[^=]+=./;

function checkPaths(device: Node, path: string, refuse: Refuse): void {
  const source = stringOf(child(device, 'source')) ?? '';
  if (deviceName.test(source)) return;
  for (const key of ['source', 'target']) {
    const node = child(device, key);
    const text = stringOf(node);
    if (text === undefined || text.startsWith('/')) continue;
    const isPermissions = key === 'target' && /^[rwm]+$/.test(text);
    const hint = isPermissions ? `write ${source}:${source}:${text}` : 'write a path such as /dev/fuse';
    refuse(`${path}.${key}`, node, `"${text}" is not absolute`, hint);
  }
}

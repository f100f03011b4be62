/** Mounts and ports that lack what they need, and host addresses that are none. */

import { child, entriesOf, isNull, itemsOf, type MapNode, type Node, stringOf } from '../node.ts';
import { isIPv4, isIPv6 } from '../ports.ts';
import type { Problems } from '../problems.ts';

export function checkMounts(tree: MapNode, problems: Problems): void {
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    itemsOf(child(service, 'volumes')).forEach((mount, index) => {
      const lacksTarget = isMissing(child(mount, 'target'));
      const lacksSource = stringOf(child(mount, 'type')) === 'bind' && isMissing(child(mount, 'source'));
      // A misspelt key has been told of as such.
      if (!(lacksTarget || lacksSource) || mount.kind !== 'map' || problems.blames(mount)) return;
      const path = `services.${name}.volumes[${index}]`;
      if (lacksTarget) {
        problems.add({
          code: 'COMPOSE_MISSING_KEY',
          message: `service volume ${path} is missing a mount target`,
          at: mount,
          hint: 'add `target:`, the path in the container',
        });
      }
      if (lacksSource) {
        problems.add({
          code: 'COMPOSE_MISSING_KEY',
          message: `${path}: invalid mount config for type "bind": field Source must not be empty`,
          at: mount,
          hint: 'add `source:`, the path on the host',
        });
      }
    });
  }
}

/** Null is what is left of a value that was refused. */
function isMissing(node: Node | undefined): boolean {
  return node === undefined || (!isNull(node) && !stringOf(node));
}

export function checkPorts(tree: MapNode, problems: Problems): void {
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    itemsOf(child(service, 'ports')).forEach((port, index) => {
      if (port.kind === 'map' && !port.entries.has('target') && !problems.blames(port))
        problems.add({
          code: 'COMPOSE_MISSING_KEY',
          message: `service port services.${name}.ports[${index}] is missing a target port`,
          at: port,
          hint: 'add `target:`, the port in the container',
        });
      const address = child(port, 'host_ip');
      const text = stringOf(address);
      if (address === undefined || !text || isIPv4(text) || isIPv6(text)) return;
      if (problems.blames(address)) return;
      problems.add({
        code: 'COMPOSE_PORT',
        message: `services.${name}.ports[${index}]: invalid ip address: ${text}`,
        at: address,
        hint: 'write an address of this machine, such as 127.0.0.1',
      });
    });
  }
}

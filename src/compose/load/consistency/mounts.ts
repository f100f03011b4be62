/** Phase: mounts that lack what their type needs. Holds for every model, whatever it is loaded for. */
import { child, entriesOf, itemsOf, type MapNode, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';

export function checkMounts(tree: MapNode, problems: Problems): void {
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    for (const [index, mount] of itemsOf(child(service, 'volumes')).entries()) {
      if (mount.kind !== 'map') continue;
      const path = `services.${name}.volumes[${index}]`;
      if (!stringOf(child(mount, 'target'))) {
        problems.add({
          code: 'COMPOSE_MISSING_KEY',
          message: `service volume ${path} is missing a mount target`,
          at: mount.at,
          hint: 'add `target:`, the path in the container',
        });
      }
      if (stringOf(child(mount, 'type')) === 'bind' && !stringOf(child(mount, 'source'))) {
        problems.add({
          code: 'COMPOSE_MISSING_KEY',
          message: `${path}: invalid mount config for type "bind": field Source must not be empty`,
          at: mount.at,
          hint: 'add `source:`, the path on the host',
        });
      }
    }
  }
}

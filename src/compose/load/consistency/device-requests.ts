/** Requests of devices, of a reservation and of `gpus`: so many, or these. */
import { child, descend, type Entry, entriesOf, itemsOf, type MapNode, type Node } from '../node.ts';
import type { Problems } from '../problems.ts';

const places = [['deploy', 'resources', 'reservations', 'devices'], ['gpus']];

export function checkDeviceRequests(tree: MapNode, problems: Problems): void {
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    for (const place of places) {
      itemsOf(descend(service, ...place)).forEach((request, index) => {
        checkRequest(request, `services.${name}.${place.join('.')}[${index}]`, problems);
      });
    }
  }
}

function checkRequest(request: Node, path: string, problems: Problems): void {
  const keys: ReadonlyMap<string, Entry> = new Map(entriesOf(request));
  const ids = keys.get('device_ids');
  if (!keys.has('count') || ids === undefined) return;
  problems.add({
    code: 'COMPOSE_CONFLICT',
    message: `${path}: "count" and "device_ids" attributes are exclusive`,
    at: ids,
    hint: 'keep `count` for so many of any kind, `device_ids` for these',
  });
}

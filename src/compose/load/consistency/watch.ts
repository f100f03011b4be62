/** Rules of `develop.watch`: what is watched, and where it goes. */
import { child, descend, entriesOf, itemsOf, type MapNode, type Node, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';
import type { ServicePlace } from './index.ts';

/** Holds for every model, whatever it is loaded for. */
export function checkWatchPaths(tree: MapNode, problems: Problems): void {
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    for (const [index, rule] of rulesOf(service).entries()) {
      const path = child(rule, 'path');
      if (path === undefined || stringOf(path) !== '' || problems.blames(path)) continue;
      problems.add({
        code: 'COMPOSE_VALUE',
        message: `services.${name}.develop.watch[${index}].path: value can't be blank`,
        at: path,
        hint: 'write the file or directory to watch; `.` is that of the project',
      });
    }
  }
}

const withoutTarget = ['rebuild', 'restart'];

export function checkWatchTargets({ name, service }: ServicePlace, problems: Problems): void {
  for (const rule of rulesOf(service)) {
    const action = child(rule, 'action');
    const text = stringOf(action);
    if (text === undefined || withoutTarget.includes(text) || stringOf(child(rule, 'target'))) continue;
    problems.add({
      code: 'COMPOSE_MISSING_KEY',
      message: `services.${name}.develop.watch: target is required for non-rebuild actions`,
      at: action,
      hint: 'add `target:`, the path in the container',
    });
  }
}

function rulesOf(service: Node): readonly Node[] {
  return itemsOf(descend(service, 'develop', 'watch'));
}

/** What services may have against each other, once each of them is fine by itself. */
import { child, entriesOf, type Node } from '../node.ts';
import { textOf } from '../shape/values.ts';

/** Of a service in long syntax. */
export interface Member {
  readonly name: string;
  readonly container: string | undefined;
  readonly dependsOn: readonly string[];
}

export function memberOf(name: string, service: Node): Member {
  const named = child(service, 'container_name');
  const container = named === undefined ? '' : textOf(named);
  const dependsOn: string[] = [];
  for (const [other] of entriesOf(child(service, 'depends_on'))) dependsOn.push(other);
  return { name, container: container || undefined, dependsOn };
}

/** Whether no two claim one container name, and none waits for itself. */
export function fitTogether(members: readonly Member[]): boolean {
  const containers = members.map(({ container }) => container).filter((name) => name !== undefined);
  return new Set(containers).size === containers.length && !hasCycle(members);
}

/** What depends on nothing that is left goes, until nothing goes any more: a cycle stays. */
function hasCycle(members: readonly Member[]): boolean {
  const waiting = new Map(members.map(({ name, dependsOn }) => [name, dependsOn.length]));
  const dependents = new Map<string, string[]>();
  for (const { name, dependsOn } of members)
    for (const other of dependsOn) {
      const known = dependents.get(other);
      if (known === undefined) dependents.set(other, [name]);
      else known.push(name);
    }
  const free = members.filter(({ dependsOn }) => dependsOn.length === 0).map(({ name }) => name);
  // A list that grows while it is walked is walked to its new end.
  for (const name of free) {
    for (const dependent of dependents.get(name) ?? []) {
      const left = waiting.get(dependent)! - 1;
      waiting.set(dependent, left);
      if (left === 0) free.push(dependent);
    }
  }
  return free.length < members.length;
}

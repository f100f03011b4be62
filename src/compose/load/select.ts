/** Phase: which services are on. Without `profiles` always; else when one of them is active or the service was named. */
import { child, entriesOf, itemsOf, type MapNode, type Node, stringOf } from './node.ts';
import type { Problems } from './problems.ts';
import { serviceHint } from './suggest.ts';

export interface Selection {
  readonly enabled: ReadonlySet<string>;
  readonly disabled: ReadonlySet<string>;
  readonly profiles: readonly string[];
}

export function selectServices(
  tree: MapNode,
  wanted: { profiles: readonly string[]; services: readonly string[] },
  problems: Problems,
): Selection {
  const services = new Map(
    [...entriesOf(child(tree, 'services'))].map(([name, entry]) => [name, entry.value]),
  );
  // As in the reference, an empty name, as a variable that is not set leaves it, is active where no other is asked for.
  const profiles = new Set(wanted.profiles.length === 0 ? [''] : wanted.profiles);
  for (const name of wanted.services) {
    const service = services.get(name);
    if (service === undefined) {
      problems.add({
        code: 'COMPOSE_NO_SUCH_SERVICE',
        message: `no such service: ${name}`,
        hint: serviceHint(name, services.keys()),
      });
    } else if (!isOn(service, profiles)) for (const profile of profilesOf(service)) profiles.add(profile);
  }
  const enabled = new Set<string>();
  const disabled = new Set<string>();
  for (const [name, service] of services) (isOn(service, profiles) ? enabled : disabled).add(name);
  return { enabled, disabled, profiles: [...profiles].filter((name) => name !== '') };
}

function isOn(service: Node, active: ReadonlySet<string>): boolean {
  const own = profilesOf(service);
  return own.length === 0 || active.has('*') || own.some((profile) => active.has(profile));
}

export function profilesOf(service: Node): readonly string[] {
  return itemsOf(child(service, 'profiles')).map((item) => stringOf(item) ?? '');
}

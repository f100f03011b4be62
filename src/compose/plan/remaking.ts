/** Networks and volumes that are made again: they go when all that uses them has stopped, and come back before it is made. */
import type { PlanBuilder } from './builder.ts';
import { createNetwork } from './networks.ts';
import type { NodeId } from './plan.ts';
import type { Fates } from './replicas.ts';
import type { Resources, ResourceWish } from './resources.ts';
import { createVolume, observedVolume } from './volumes.ts';

export interface Remaking {
  readonly resources: Resources;
  readonly fates: Fates;
  /** The last node about each container that stops or goes, by its id. */
  readonly ends: ReadonlyMap<string, NodeId>;
}

export function remakeResources(builder: PlanBuilder, wish: ResourceWish, remaking: Remaking): void {
  const { networks, volumes, changes } = remaking.resources;
  const users = (names: readonly string[]) => usersOf(wish, names, remaking);
  for (const { key, there, because } of changes.networks.remade) {
    const { after, ...evicting } = users(there.containers);
    const action = { kind: 'RemoveNetwork', name: there.name, ...evicting } as const;
    const removal = builder.add(`remove-network:${key}`, action, because, after);
    networks.set(key, createNetwork(builder, key, wish, { because, removal }));
  }
  for (const key of changes.volumes.remade) {
    const { name, containers } = observedVolume(wish, key)!;
    const { after, ...evicting } = users(containers);
    const action = { kind: 'RemoveVolume', name, ...evicting } as const;
    const removal = builder.add(`remove-volume:${key}`, action, 'its options changed', after);
    volumes.set(key, createVolume(builder, key, wish, removal));
  }
}

/** When these containers are out of the way, and which of them are still there then: they are replaced next. */
function usersOf(
  { observed }: ResourceWish,
  names: readonly string[],
  { fates, ends }: Remaking,
): { readonly after: readonly (NodeId | undefined)[]; readonly evicts?: readonly string[] } {
  const replicas = [...fates.replicas.values()].flat();
  const replaced = new Set(replicas.flatMap(({ fate, old }) => (fate === 'replace' ? [old.name] : [])));
  const after = observed.containers.filter(({ name }) => names.includes(name)).map(({ id }) => ends.get(id));
  const evicts = names.filter((name) => replaced.has(name)).sort();
  return evicts.length > 0 ? { after, evicts } : { after };
}

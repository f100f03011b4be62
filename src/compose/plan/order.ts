/** Observations in one order, so that plans do not depend on how the machine happened to list things. */
import type { Observed } from './observed.ts';

/** Containers by service, number and name; networks and volumes by name. The planner counts on it. */
export function inOrder(observed: Observed): Observed {
  return {
    ...observed,
    containers: [...observed.containers].sort(
      (a, b) => compare(a.service, b.service) || a.number - b.number || compare(a.name, b.name),
    ),
    networks: byName(observed.networks),
    volumes: byName(observed.volumes),
  };
}

function byName<T extends { readonly name: string }>(objects: readonly T[]): readonly T[] {
  return [...objects].sort((a, b) => compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

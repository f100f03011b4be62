/** Stopping containers so that nothing loses what it depends on while it still runs. */

import type { PlanBuilder } from './builder.ts';
import { type Graph, reversed } from './graph.ts';
import { groupBy } from './grouping.ts';
import type { ObservedContainer, ObservedState } from './observed.ts';
import type { NodeId } from './plan.ts';
import type { Topology } from './topology.ts';

/** A container that has to stop, and why. */
export interface Ending {
  readonly container: ObservedContainer;
  /** How node ids call it. */
  readonly handle: string;
  readonly because: string;
}

export interface StopOptions {
  /** Absent: the grace period that each container was made with. */
  readonly timeoutMs?: number | undefined;
  /** What must be at hand before anything is stopped. */
  readonly after?: readonly NodeId[] | undefined;
}

/** Whether the container has processes, or is about to have them again. */
export function isUp(state: ObservedState): boolean {
  return state.status !== 'created' && state.status !== 'exited';
}

/** Adds a stop for each container that is up, dependents before what they depend on; answers the nodes by container id. */
export function stopInOrder(
  builder: PlanBuilder,
  topology: Topology,
  endings: readonly Ending[],
  options: StopOptions = {},
): ReadonlyMap<string, NodeId> {
  const byService = groupBy(
    endings.filter(({ container }) => isUp(container.state)),
    ({ container }) => container.service,
  );
  const dependents = reversed(topology.graph);
  const nodes = new Map<string, NodeId>();
  for (const service of topology.order.toReversed()) {
    const before = nearestDependents(dependents, service, new Set(byService.keys()))
      .flatMap((dependent) => byService.get(dependent) ?? [])
      .map(({ container }) => nodes.get(container.id)!);
    for (const ending of byService.get(service) ?? []) {
      nodes.set(ending.container.id, stop(builder, ending, options, before));
    }
  }
  return nodes;
}

function stop(
  builder: PlanBuilder,
  { container, handle, because }: Ending,
  { timeoutMs, after = [] }: StopOptions,
  before: readonly NodeId[],
): NodeId {
  const { name, service } = container;
  const action = { kind: 'StopContainer', name, service } as const;
  return builder.add(`stop:${handle}`, timeoutMs === undefined ? action : { ...action, timeoutMs }, because, [
    ...after,
    ...before,
  ]);
}

/** The services of the set that depend on this one, directly or through services outside the set. */
function nearestDependents(
  dependents: Graph,
  service: string,
  among: ReadonlySet<string>,
): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = [...(dependents.get(service) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (among.has(name)) found.add(name);
    else open.push(...(dependents.get(name) ?? []));
  }
  return [...found].sort();
}

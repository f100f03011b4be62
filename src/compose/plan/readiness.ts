/** `--wait`: the command ends when everything is as it should be, and fails when something cannot be. */
import type { PlanBuilder } from './builder.ts';
import type { Started } from './starting.ts';
import type { Topology } from './topology.ts';

/** Adds a wait for each container: that it runs (healthy, if it has a check), or has done what others wait for it to do. */
export function awaitReadiness(
  builder: PlanBuilder,
  topology: Topology,
  { standings, nodes }: Started,
  timeoutMs: number = 0,
): void {
  const oneShots = awaitedToComplete(topology);
  for (const { name, service, handle } of standings) {
    const condition = oneShots.has(service) ? 'completed' : 'running-or-healthy';
    const action = { kind: 'WaitFor', name, service, condition, required: true } as const;
    builder.add(`ready:${handle}`, timeoutMs > 0 ? { ...action, timeoutMs } : action, '--wait', [
      nodes.get(handle),
    ]);
  }
}

function awaitedToComplete({ order, dependencies }: Topology): ReadonlySet<string> {
  const needs = order.flatMap((service) => Object.entries(dependencies(service)));
  return new Set(
    needs.flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : [])),
  );
}

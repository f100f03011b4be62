/** The life cycle over played parts, and what a test asks of it. */
import { expect } from 'vitest';
import type { ContainerSpec } from '../../src/compose/plan/plan.ts';
import { createContainer } from '../../src/engine/create.ts';
import { HealthMonitor } from '../../src/engine/health-monitor.ts';
import { Lifecycle } from '../../src/engine/lifecycle.ts';
import { stateOf } from '../../src/engine/observe.ts';
import { eventually } from '../patience.ts';
import { type FakeParts, fakeParts } from './fakes.ts';

export async function machine(parts?: FakeParts) {
  const own = parts ?? (await fakeParts());
  const lifecycle = new Lifecycle(own, new HealthMonitor(own));
  const entry = (name: string) => {
    const found = own.containers.byName(name);
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  };
  return {
    parts: own,
    lifecycle,
    entry,
    create: (spec: ContainerSpec) => createContainer(own, lifecycle, { container: spec }),
    state: (name: string) => stateOf(entry(name)),
    /** The end is noted, and what it left is still being taken away. */
    justEnded: (name: string) =>
      own.containers.until(
        () => (entry(name).record.status.kind === 'exited' ? true : undefined),
        AbortSignal.timeout(60_000),
      ),
    settled: (name: string, status: string) =>
      eventually(() => expect(stateOf(entry(name)).status).toBe(status)),
  };
}

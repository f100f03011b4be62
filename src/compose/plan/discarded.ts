/** What is asked for and this host cannot do, where Docker goes on without it. */
import type { Service } from '../model/project.ts';
import type { PlanBuilder } from './builder.ts';
import type { Observed } from './observed.ts';

export function warnOfDiscarded(
  builder: Pick<PlanBuilder, 'warn'>,
  services: readonly Pick<Service, 'name' | 'resources'>[],
  { cgroupVersion }: Pick<Observed, 'cgroupVersion'>,
): void {
  if (cgroupVersion === 1) return;
  for (const { name, resources } of services) {
    if (resources.oomKillDisable)
      builder.warn(
        `service "${name}": oom_kill_disable is left out, because this host's control groups (version 2) have no such switch`,
      );
  }
}

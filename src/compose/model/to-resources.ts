/** Limits: the service's own spellings and those of `deploy.resources` become one. */
import type { Json, Resources, Ulimit } from './project.ts';
import { type JsonMap, mapOf, numberOf, optional, textOf } from './read.ts';
import { bytes } from './units.ts';

/** Where both are written the loader has made sure that they agree. */
export function toResources(service: JsonMap): Resources {
  const { limits, reservations } = mapOf(mapOf(service.deploy).resources);
  const limit = mapOf(limits);
  return {
    ...optional('memoryBytes', bytes(service.mem_limit) ?? bytes(limit.memory)),
    ...optional('memorySwapBytes', bytes(service.memswap_limit)),
    ...optional(
      'memoryReservationBytes',
      bytes(service.mem_reservation) ?? bytes(mapOf(reservations).memory),
    ),
    ...optional('cpus', numberOf(service.cpus) ?? numberOf(limit.cpus)),
    ...optional('cpuShares', numberOf(service.cpu_shares)),
    ...optional('cpuQuotaUs', numberOf(service.cpu_quota)),
    ...optional('cpuPeriodUs', numberOf(service.cpu_period)),
    ...optional('cpuset', textOf(service.cpuset)),
    ...optional('pids', numberOf(service.pids_limit) ?? numberOf(limit.pids)),
    ...optional('oomScoreAdj', numberOf(service.oom_score_adj)),
    ...optional('oomKillDisable', service.oom_kill_disable === true ? true : undefined),
  };
}

export function toUlimits(value: Json | undefined): Readonly<Record<string, Ulimit>> {
  const limits: Record<string, Ulimit> = {};
  for (const [name, limit] of Object.entries(mapOf(value))) {
    const single = numberOf(limit);
    const { soft, hard } = mapOf(limit);
    limits[name] = { soft: single ?? numberOf(soft) ?? 0, hard: single ?? numberOf(hard) ?? 0 };
  }
  return limits;
}

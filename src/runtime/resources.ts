/** Resource limits: Docker's rules for what goes together, then OCI's fields. What is not asked for is not written. */
import { TscomposeError } from '../errors.ts';
import { minimumMemoryBytes } from '../linux.ts';
import type { BundleResources } from './container.ts';
import type { OciResources } from './oci.ts';

const defaultPeriodUs = 100_000;

/**
 * Unset `memory-swap` is twice the memory; equal to it: no swap; -1: no bound.
 * @throws TscomposeError `RESOURCE_LIMIT`
 */
export function ociResources(
  asked: BundleResources,
  host: { readonly cpuCount: number; readonly cgroupVersion: 1 | 2 },
): Omit<OciResources, 'devices'> {
  return compact({
    memory: compact(memory(asked, host.cgroupVersion)),
    cpu: compact(cpu(asked, host.cpuCount)),
    pids: pids(asked),
  });
}

function memory(asked: BundleResources, cgroupVersion: 1 | 2): NonNullable<OciResources['memory']> {
  const limit = positive(asked.memoryBytes);
  const reservation = positive(asked.memoryReservationBytes);
  if (limit !== undefined && limit < minimumMemoryBytes)
    throw refused(`a memory limit of ${limit} bytes is below the minimum of 6 MiB`);
  if (reservation !== undefined && reservation < minimumMemoryBytes)
    throw refused(`a memory reservation of ${reservation} bytes is below the minimum of 6 MiB`);
  if (limit !== undefined && reservation !== undefined && limit < reservation)
    throw refused(`the memory limit (${limit}) is below the memory reservation (${reservation})`);
  return {
    ...given('limit', limit),
    ...given('swap', swap(asked.memorySwapBytes, limit)),
    ...given('reservation', reservation),
    // Version 2 has no such switch: Docker leaves it out, and the OCI runtimes would refuse it.
    ...(asked.oomKillDisable && cgroupVersion === 1 ? { disableOOMKiller: true } : {}),
  };
}

function swap(asked: number | undefined, limit: number | undefined): number | undefined {
  if (asked === undefined || asked === 0) return limit === undefined ? undefined : 2 * limit;
  if (asked < 0) return limit === undefined ? undefined : -1;
  if (limit === undefined) throw refused('memswap_limit needs a memory limit beside it');
  if (asked < limit)
    throw refused(
      `memswap_limit (${asked}) counts memory and swap together, so it cannot be below the memory limit (${limit})`,
    );
  return asked;
}

function cpu(asked: BundleResources, cpuCount: number): NonNullable<OciResources['cpu']> {
  const { cpus } = asked;
  if (cpus !== undefined && cpus > 0) {
    if (asked.cpuQuotaUs !== undefined && asked.cpuQuotaUs > 0)
      throw refused('cpus and cpu_quota say the same thing twice: give one of them');
    if (cpus < 0.01 || cpus > cpuCount)
      throw refused(
        `cpus must be from 0.01 to ${cpuCount.toFixed(2)}: this host has ${cpuCount}`,
        'ask for fewer',
      );
  }
  const period = positive(asked.cpuPeriodUs);
  const share = cpus !== undefined && cpus > 0;
  return {
    ...given('shares', positive(asked.cpuShares)),
    ...given('quota', share ? Math.round(cpus * (period ?? defaultPeriodUs)) : nonZero(asked.cpuQuotaUs)),
    ...given('period', share ? (period ?? defaultPeriodUs) : period),
    ...given('cpus', asked.cpuset === '' ? undefined : asked.cpuset),
  };
}

/** 0 and -1 are "no bound". */
function pids(asked: BundleResources): OciResources['pids'] {
  const limit = positive(asked.pids);
  return limit === undefined ? undefined : { limit };
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value;
}

function nonZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}

/** Without the members that are absent or empty. */
function compact<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, item]) => item !== undefined && !(typeof item === 'object' && Object.keys(item).length === 0),
    ),
  ) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function refused(message: string, hint?: string): TscomposeError {
  return new TscomposeError('RESOURCE_LIMIT', message, hint === undefined ? {} : { hint });
}

import { expect, test } from 'vitest';
import type { BundleResources } from '../../src/runtime/container.ts';
import type { OciResources } from '../../src/runtime/oci.ts';
import { ociResources } from '../../src/runtime/resources.ts';

const MiB = 1024 * 1024;
/** A host of two processors. */
const version = (cgroupVersion: 1 | 2) => ({ cpuCount: 2, cgroupVersion });

/** What the OCI runtimes write for OCI's fields. @see crun, src/libcrun/cgroup-resources.c; runc, libcontainer/cgroups */
function written(
  version: 1 | 2,
  { memory, cpu, pids }: Omit<OciResources, 'devices'>,
): Record<string, string> {
  const files: Record<string, string | number | undefined> =
    version === 1
      ? {
          'memory.limit_in_bytes': memory?.limit,
          'memory.memsw.limit_in_bytes': memory?.swap,
          'memory.soft_limit_in_bytes': memory?.reservation,
          'cpu.shares': cpu?.shares,
          'cpu.cfs_quota_us': cpu?.quota,
          'cpu.cfs_period_us': cpu?.period,
          'pids.max': pids?.limit,
        }
      : {
          'memory.max': memory?.limit,
          'memory.swap.max': swapMax(memory),
          'memory.low': memory?.reservation,
          'cpu.weight':
            cpu?.shares === undefined ? undefined : 1 + Math.floor(((cpu.shares - 2) * 9999) / 262142),
          'cpu.max': cpu?.quota === undefined ? undefined : `${cpu.quota} ${cpu.period ?? 100000}`,
          'pids.max': pids?.limit,
        };
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, value]) => (value === undefined ? [] : [[file, String(value)]])),
  );
}

function swapMax(memory: OciResources['memory']): string | undefined {
  if (memory?.swap === undefined) return undefined;
  return memory.swap < 0 ? 'max' : String(memory.swap - (memory.limit ?? 0));
}

const rows: [string, BundleResources, Record<string, string>, Record<string, string>][] = [
  ['nothing', {}, {}, {}],
  [
    'memory alone: swap as much again',
    { memoryBytes: 300 * MiB },
    { 'memory.limit_in_bytes': '314572800', 'memory.memsw.limit_in_bytes': '629145600' },
    { 'memory.max': '314572800', 'memory.swap.max': '314572800' },
  ],
  [
    'memory 300m, memswap 1g: 724m of swap',
    { memoryBytes: 300 * MiB, memorySwapBytes: 1024 * MiB },
    { 'memory.limit_in_bytes': '314572800', 'memory.memsw.limit_in_bytes': '1073741824' },
    { 'memory.max': '314572800', 'memory.swap.max': '759169024' },
  ],
  [
    'memswap equal to memory: no swap',
    { memoryBytes: 300 * MiB, memorySwapBytes: 300 * MiB },
    { 'memory.limit_in_bytes': '314572800', 'memory.memsw.limit_in_bytes': '314572800' },
    { 'memory.max': '314572800', 'memory.swap.max': '0' },
  ],
  [
    'memswap 0 is as unset',
    { memoryBytes: 300 * MiB, memorySwapBytes: 0 },
    { 'memory.limit_in_bytes': '314572800', 'memory.memsw.limit_in_bytes': '629145600' },
    { 'memory.max': '314572800', 'memory.swap.max': '314572800' },
  ],
  [
    'memswap -1: no bound',
    { memoryBytes: 300 * MiB, memorySwapBytes: -1 },
    { 'memory.limit_in_bytes': '314572800', 'memory.memsw.limit_in_bytes': '-1' },
    { 'memory.max': '314572800', 'memory.swap.max': 'max' },
  ],
  [
    'a reservation',
    { memoryReservationBytes: 64 * MiB },
    { 'memory.soft_limit_in_bytes': '67108864' },
    { 'memory.low': '67108864' },
  ],
  [
    'cpus 1.5',
    { cpus: 1.5 },
    { 'cpu.cfs_quota_us': '150000', 'cpu.cfs_period_us': '100000' },
    { 'cpu.max': '150000 100000' },
  ],
  [
    'quota and period',
    { cpuQuotaUs: 25000, cpuPeriodUs: 50000 },
    { 'cpu.cfs_quota_us': '25000', 'cpu.cfs_period_us': '50000' },
    { 'cpu.max': '25000 50000' },
  ],
  ['shares 1024', { cpuShares: 1024 }, { 'cpu.shares': '1024' }, { 'cpu.weight': '39' }],
  ['shares 0 are as unset', { cpuShares: 0 }, {}, {}],
  ['a limit of processes', { pids: 100 }, { 'pids.max': '100' }, { 'pids.max': '100' }],
  ['pids -1: no bound', { pids: -1 }, {}, {}],
];

test.each(rows)('%s', (_what, asked, version1, version2) => {
  expect(written(1, ociResources(asked, version(1)))).toEqual(version1);
  expect(written(2, ociResources(asked, version(2)))).toEqual(version2);
});

test('the OOM killer can be switched off with version 1 only', () => {
  const asked = { oomKillDisable: true };
  expect(ociResources(asked, version(1))).toEqual({ memory: { disableOOMKiller: true } });
  expect(ociResources(asked, version(2))).toEqual({});
});

test.each<[BundleResources, RegExp]>([
  [{ memoryBytes: MiB }, /minimum of 6 MiB/],
  [{ memorySwapBytes: 100 * MiB }, /needs a memory limit/],
  [{ memoryBytes: 100 * MiB, memorySwapBytes: 50 * MiB }, /cannot be below the memory limit/],
  [{ memoryBytes: 100 * MiB, memoryReservationBytes: 200 * MiB }, /below the memory reservation/],
  [{ cpus: 3 }, /from 0.01 to 2.00/],
  [{ cpus: 1, cpuQuotaUs: 1000 }, /give one of them/],
])('%j is refused', (asked, message) => {
  expect(() => ociResources(asked, version(1))).toThrow(message);
});

/** How much a container may have: the values in its cgroup and limits, and what happens when it wants more. */
import { describe, expect, test } from 'vitest';
import type { ContainerView } from '../../src/agent/protocol.ts';
import { cgroupValue, cgroupVersion, said, views } from './attributes.ts';
import { sharedStack, stack } from './stack.ts';

const mebibyte = 1024 * 1024;

/** File and value: of version 1, and of version 2 where that has one. */
type Row = readonly [service: string, one: readonly [string, string], two?: readonly [string, string]];

const expected: readonly Row[] = [
  ['memory', ['memory.limit_in_bytes', `${64 * mebibyte}`], ['memory.max', `${64 * mebibyte}`]],
  ['memory', ['memory.memsw.limit_in_bytes', `${128 * mebibyte}`], ['memory.swap.max', `${64 * mebibyte}`]],
  ['memory', ['memory.soft_limit_in_bytes', `${32 * mebibyte}`], ['memory.low', `${32 * mebibyte}`]],
  ['swap', ['memory.limit_in_bytes', `${64 * mebibyte}`], ['memory.max', `${64 * mebibyte}`]],
  ['swap', ['memory.memsw.limit_in_bytes', `${96 * mebibyte}`], ['memory.swap.max', `${32 * mebibyte}`]],
  ['no-swap', ['memory.memsw.limit_in_bytes', `${64 * mebibyte}`], ['memory.swap.max', '0']],
  ['any-swap', ['memory.memsw.limit_in_bytes', '9223372036854771712'], ['memory.swap.max', 'max']],
  ['cpus', ['cpu.cfs_quota_us', '50000'], ['cpu.max', '50000 100000']],
  ['cpus', ['cpu.cfs_period_us', '100000']],
  ['cpus', ['cpu.shares', '512']],
  ['cpus', ['cpuset.cpus', '0'], ['cpuset.cpus', '0']],
  ['cpus', ['pids.max', '20'], ['pids.max', '20']],
  ['quota', ['cpu.cfs_quota_us', '30000'], ['cpu.max', '30000 60000']],
  ['quota', ['cpu.cfs_period_us', '60000']],
  ['quota', ['pids.max', 'max'], ['pids.max', 'max']],
  ['deploy', ['memory.limit_in_bytes', `${50 * mebibyte}`], ['memory.max', `${50 * mebibyte}`]],
  ['deploy', ['memory.soft_limit_in_bytes', `${20 * mebibyte}`], ['memory.low', `${20 * mebibyte}`]],
  ['deploy', ['cpu.cfs_quota_us', '25000'], ['cpu.max', '25000 100000']],
  ['deploy', ['pids.max', '7'], ['pids.max', '7']],
  ['none', ['memory.limit_in_bytes', '9223372036854771712'], ['memory.max', 'max']],
  ['none', ['cpu.cfs_quota_us', '-1'], ['cpu.max', 'max 100000']],
  ['none', ['pids.max', 'max'], ['pids.max', 'max']],
];

describe('limits', () => {
  const it = sharedStack(
    `
x-sleep: &sleep {image: busybox, command: sleep 1000, stop_signal: SIGKILL}
services:
  none: *sleep
  memory: {<<: *sleep, mem_limit: 64m, mem_reservation: 32m}
  swap: {<<: *sleep, mem_limit: 64m, memswap_limit: 96m}
  no-swap: {<<: *sleep, mem_limit: 64m, memswap_limit: 64m}
  any-swap: {<<: *sleep, mem_limit: 64m, memswap_limit: -1}
  cpus: {<<: *sleep, cpus: 0.5, cpu_shares: 512, cpuset: "0", pids_limit: 20}
  quota: {<<: *sleep, cpu_quota: 30000, cpu_period: 60000, pids_limit: -1}
  deploy: {<<: *sleep, deploy: {resources: {limits: {memory: 50M, cpus: "0.25", pids: 7}, reservations: {memory: 20M}}}}
`,
    {},
    (made) => made.ok('up', '--detach'),
  );

  test('stand in the cgroup of the container', async () => {
    const all = await views(it());
    const rows = expected.flatMap(([service, one, two]) => {
      const wanted = cgroupVersion === 1 ? one : two;
      return wanted === undefined ? [] : [[service, ...wanted] as const];
    });
    const found = await Promise.all(
      rows.map(async ([service, file]) => [
        service,
        file,
        await cgroupValue(all[service] as ContainerView, file),
      ]),
    );
    expect(found).toEqual(rows);
  });
});

describe('memory', () => {
  test('that runs out ends the container with 137, and the view says why', async () => {
    const made = await stack(`
services:
  greedy: {image: busybox, mem_limit: 16m, memswap_limit: 16m, command: [sh, -c, "dd if=/dev/zero of=/dev/shm/x bs=1M count=60; tail /dev/zero"]}
  modest: {image: busybox, mem_limit: 16m, command: "true"}
`);
    await made.run('up');
    const { greedy, modest } = await views(made);
    expect([greedy, modest].map((view) => ({ code: view?.exitCode, oomKilled: view?.oomKilled }))).toEqual([
      { code: 137, oomKilled: true },
      { code: 0, oomKilled: false },
    ]);
  });
});

describe('ulimits, oom_score_adj and pids', () => {
  const it = sharedStack(
    `
x-box: &box {image: busybox}
services:
  ulimits:
    <<: *box
    ulimits: {nofile: {soft: 100, hard: 200}, nproc: 50, core: 0, stack: 1048576}
    command: [sh, -c, "ulimit -Sn; ulimit -Hn; grep -E '^Max (processes|core file size|stack size)' /proc/self/limits | tr -s ' ' | sed 's/ 0 bytes *$$//; s/ bytes *$$//; s/ $$//'"]
  oom: {<<: *box, oom_score_adj: 500, command: cat /proc/self/oom_score_adj}
  pids: {<<: *box, pids_limit: 4, command: [sh, -c, "exec 2>&1; sleep 9 & sleep 9 & sleep 9 & sleep 9 & echo over"]}
`,
    {},
    (made) => made.ok('up'),
  );

  test('hold for every process in it', async () => {
    expect(await said(it())).toEqual({
      ulimits: [
        '100',
        '200',
        'Max stack size 1048576 1048576',
        'Max core file size 0',
        'Max processes 50 50 processes',
      ],
      oom: ['500'],
      pids: [expect.stringContaining("can't fork")],
    });
  });

  test.each([
    ['mem_limit: 1m', '6'],
    ['cpus: 1000', 'cpus must be from 0.01 to'],
    ['ulimits: {nofil: 5}', 'nofil'],
    ['ulimits: {nofile: {soft: 20, hard: 10}}', 'nofile'],
    ['memswap_limit: 64m', 'memswap_limit'],
  ])('that make no sense here are refused: %s', async (attribute, message) => {
    const made = await stack(`services: {job: {image: busybox, command: "true", ${attribute}}}`);
    const { code, stderr } = await made.run('up', '--detach');
    expect({ code: code > 0, stderr }).toEqual({ code: true, stderr: expect.stringContaining(message) });
  });
});

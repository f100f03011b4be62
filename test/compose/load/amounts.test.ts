import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/compose/load/durations.ts';
import { parseSize } from '../../../src/compose/load/sizes.ts';
import { canonicalOf, mistakesIn, serviceOf } from './loading.ts';

const web = (attributes: string): string => `services:\n  web:\n    image: x\n    ${attributes}\n`;

describe('amounts', () => {
  it.each([
    ['64m', 67108864],
    ['1.5gb', 1610612736],
    ['2KiB', 2048],
    ['10b', 10],
    ['1024', 1024],
    ['1 G', 1073741824],
    ['-1', -1],
    ['x', undefined],
    ['5z', undefined],
  ])('reads size %j as %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each([
    ['1h2m3s', '1h2m3s'],
    ['90s', '1m30s'],
    ['1.5s', '1.5s'],
    ['100us', '100µs'],
    ['0', '0s'],
    ['2w', '336h0m0s'],
    ['-5s', '-5s'],
  ])('prints duration %j as %j', (text, printed) => {
    expect(formatDuration(parseDuration(text)!)).toBe(printed);
  });

  it('makes one of the service spelling and that of deploy', async () => {
    const own = await serviceOf(
      web(
        'mem_limit: 1g\n    memswap_limit: -1\n    cpus: "0.5"\n    pids_limit: 10\n    cpu_shares: 512\n    cpuset: 0-1',
      ),
    );
    expect(own.resources).toEqual({
      memoryBytes: 1073741824,
      memorySwapBytes: -1,
      cpus: 0.5,
      cpuShares: 512,
      cpuset: '0-1',
      pids: 10,
    });
    const deployed = await serviceOf(
      web(
        'deploy: {replicas: 3, resources: {limits: {cpus: 1, memory: 64m, pids: 5}, reservations: {memory: 32m}}}',
      ),
    );
    expect(deployed.scale).toBe(3);
    expect(deployed.resources).toEqual({
      memoryBytes: 67108864,
      memoryReservationBytes: 33554432,
      cpus: 1,
      pids: 5,
    });
  });

  it('refuses two spellings that disagree, and takes two that agree', async () => {
    expect(
      await mistakesIn(
        web('mem_limit: 1g\n    scale: 2\n    deploy: {replicas: 3, resources: {limits: {memory: 1024m}}}'),
      ),
    ).toEqual([
      `5:12 COMPOSE_CONFLICT: services.web: can't set distinct values on 'scale' and 'deploy.replicas' -> keep one of the two`,
    ]);
  });

  it('prints deploy with the sections the reference always has', async () => {
    expect(
      await canonicalOf(
        web(
          'deploy: {mode: replicated, resources: {reservations: {devices: [{capabilities: [gpu]}]}}, update_config: {delay: 10s, parallelism: 0}}',
        ),
      ),
    ).toEqual({
      deploy: {
        mode: 'replicated',
        update_config: { parallelism: 0, delay: '10s' },
        resources: { reservations: { devices: [{ capabilities: ['gpu'], count: -1 }] } },
        placement: {},
      },
    });
  });

  it('refuses sizes, counts and limits that are none', async () => {
    expect(
      await mistakesIn(web('mem_limit: lots\n    oom_score_adj: 2000\n    ulimits: {nofile: {soft: 1}}')),
    ).toEqual([
      '4:16 COMPOSE_SIZE: services.web.mem_limit: invalid size "lots" -> write it like 512k, 64m or 1.5gb',
      '5:20 COMPOSE_VALUE: services.web.oom_score_adj: 2000 is too high: 1000 is the most',
      '6:15 COMPOSE_MISSING_KEY: services.web.ulimits.nofile: "hard" is missing -> add `hard:`',
    ]);
  });

  it('reads limits of processes and devices', async () => {
    const { ulimits, devices } = await serviceOf(
      web(
        'ulimits: {nproc: 5, nofile: {soft: 1, hard: 2}}\n    devices: ["/dev/a:/dev/b:r", /dev/c, {source: /dev/d, target: /dev/e}]',
      ),
    );
    expect({ ulimits, devices }).toEqual({
      ulimits: { nproc: { soft: 5, hard: 5 }, nofile: { soft: 1, hard: 2 } },
      devices: [
        { source: '/dev/a', target: '/dev/b', permissions: 'r' },
        { source: '/dev/c', target: '/dev/c', permissions: 'rwm' },
        { source: '/dev/d', target: '/dev/e', permissions: 'rwm' },
      ],
    });
  });
});

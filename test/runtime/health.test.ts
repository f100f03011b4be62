import { expect, test } from 'vitest';
import {
  afterProbe,
  defaultHealthOptions,
  type HealthOptions,
  type HealthState,
  initialHealth,
  nextProbeDelay,
  probeCommand,
} from '../../src/runtime/health.ts';

const second = 1000;

/** Runs probes given as `[seconds after the start, exit code]`. */
function history(probes: [number, number][], changes: Partial<HealthOptions> = {}): HealthState {
  const options = { ...defaultHealthOptions, ...changes };
  return probes.reduce<HealthState>(
    (state, [at, exitCode]) =>
      afterProbe(state, { at: at * second, endedAt: at * second + 10, exitCode, output: '' }, options),
    initialHealth(0),
  );
}

test.each<[string, [number, number][], Partial<HealthOptions>, string, number]>([
  ['the first success makes it healthy at once', [[1, 0]], {}, 'healthy', 0],
  [
    'failures below the number of retries leave it starting',
    [
      [1, 1],
      [2, 1],
    ],
    {},
    'starting',
    2,
  ],
  [
    'as many failures as retries in a row make it unhealthy',
    [
      [1, 1],
      [2, 1],
      [3, 1],
    ],
    {},
    'unhealthy',
    3,
  ],
  [
    'a success in between begins the count anew',
    [
      [1, 1],
      [2, 1],
      [3, 0],
      [4, 1],
      [5, 1],
    ],
    {},
    'healthy',
    2,
  ],
  [
    'a healthy container becomes unhealthy by failing',
    [
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ],
    {},
    'unhealthy',
    3,
  ],
  [
    'an unhealthy one recovers with one success',
    [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 0],
    ],
    {},
    'healthy',
    0,
  ],
  [
    'failures within the start period do not count',
    [
      [1, 1],
      [5, 1],
      [9, 1],
    ],
    { startPeriodMs: 10 * second },
    'starting',
    0,
  ],
  [
    'those after it do',
    [
      [9, 1],
      [10, 1],
      [11, 1],
      [12, 1],
    ],
    { startPeriodMs: 10 * second },
    'unhealthy',
    3,
  ],
  [
    'within it they count once there was a success',
    [
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ],
    { startPeriodMs: 10 * second },
    'unhealthy',
    3,
  ],
  ['a probe that took too long is a failure', [[1, -1]], { retries: 1 }, 'unhealthy', 1],
])('%s', (_title, probes, changes, status, failingStreak) => {
  expect(history(probes, changes)).toMatchObject({ status, failingStreak });
});

test('the last five results are kept, each with at most 4096 bytes of output', () => {
  const options = defaultHealthOptions;
  let state = initialHealth(0);
  for (let at = 0; at < 7; at += 1)
    state = afterProbe(state, { at, endedAt: at, exitCode: 0, output: 'x'.repeat(5000) }, options);
  expect(state.log.map(({ at, output }) => [at, output.length])).toEqual(
    [2, 3, 4, 5, 6].map((at) => [at, 4096]),
  );
});

test('while starting within the start period, the start interval holds', () => {
  const options = { ...defaultHealthOptions, startPeriodMs: 20 * second };
  const healthy = history([[1, 0]], options);
  expect([
    nextProbeDelay(initialHealth(0), options, 0),
    nextProbeDelay(initialHealth(0), options, 20 * second),
    nextProbeDelay(healthy, options, 2 * second),
    nextProbeDelay(initialHealth(0), defaultHealthOptions, 0),
  ]).toEqual([5000, 30000, 30000, 30000]);
});

test.each([
  [['CMD', 'curl', '-f', 'x'], undefined, ['curl', '-f', 'x']],
  [['CMD-SHELL', 'a && b'], undefined, ['/bin/sh', '-c', 'a && b']],
  [
    ['CMD-SHELL', 'a'],
    ['/bin/bash', '-ec'],
    ['/bin/bash', '-ec', 'a'],
  ],
  [['NONE'], undefined, undefined],
  [[], undefined, undefined],
])('the test %j with the shell %j runs %j', (command, shell, expected) => {
  expect(probeCommand(command, shell)).toEqual(expected);
});

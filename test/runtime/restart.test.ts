import { expect, test } from 'vitest';
import { decideRestart, type EndedRun, type RestartRule } from '../../src/runtime/restart.ts';

const failed: EndedRun = { exitCode: 1, ranMs: 50, manuallyStopped: false, restarts: 0, previousDelayMs: 0 };
const now = { restart: true, delayMs: 100 };
const never = { restart: false };

test.each<[RestartRule, Partial<EndedRun>, object]>([
  [{ name: 'no' }, {}, never],
  [{ name: 'always' }, {}, now],
  [{ name: 'always' }, { exitCode: 0 }, now],
  [{ name: 'always' }, { manuallyStopped: true }, never],
  [{ name: 'unless-stopped' }, { exitCode: 0 }, now],
  [{ name: 'unless-stopped' }, { manuallyStopped: true }, never],
  [{ name: 'on-failure' }, {}, now],
  [{ name: 'on-failure' }, { exitCode: 0 }, never],
  [{ name: 'on-failure' }, { restarts: 1000 }, now],
  [{ name: 'on-failure', maximumAttempts: 3 }, { restarts: 2 }, now],
  [{ name: 'on-failure', maximumAttempts: 3 }, { restarts: 3 }, never],
])('%j after %j', (rule, changes, expected) => {
  expect(decideRestart(rule, { ...failed, ...changes })).toEqual(expected);
});

test('the wait doubles to a minute, and begins anew after ten seconds of running', () => {
  const waits: number[] = [];
  for (let previousDelayMs = 0, round = 0; round < 12; round += 1) {
    const decision = decideRestart({ name: 'always' }, { ...failed, previousDelayMs });
    if (decision.restart) previousDelayMs = decision.delayMs;
    waits.push(previousDelayMs);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000]);
  expect(decideRestart({ name: 'always' }, { ...failed, previousDelayMs: 60000, ranMs: 10_000 })).toEqual(
    now,
  );
  expect(decideRestart({ name: 'always' }, { ...failed, previousDelayMs: 200, ranMs: 9_999 })).toEqual({
    restart: true,
    delayMs: 400,
  });
});

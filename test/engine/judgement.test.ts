import { expect, test } from 'vitest';
import { type Judgement, judge } from '../../src/engine/judgement.ts';
import type { ContainerRecord, RunRecord, Status } from '../../src/engine/record.ts';

const created: Status = { kind: 'created' };
const running = (startedAt: number): Status => ({ kind: 'running', startedAt });
const exited = (startedAt: number): Status => ({
  kind: 'exited',
  startedAt,
  finishedAt: startedAt + 5,
  code: 1,
  oomKilled: false,
});
const prepared = (startedAt: number) => ({ startedAt, started: false });
const started = (startedAt: number) => ({ startedAt, started: true });
const waiting = { restarting: true };
const nothing = {};
const begun = { hasBegun: true };
const alive = { hasBegun: true, isAlive: true };

test.each<[string, Status, object, object | undefined, object, Judgement]>([
  ['was never started', created, nothing, undefined, nothing, 'discard'],
  ['was being prepared', created, nothing, prepared(10), { isAlive: true }, 'discard'],
  ['runs', running(10), nothing, started(10), alive, 'adopt'],
  ['runs, which is not noted at all', created, nothing, prepared(10), alive, 'adopt'],
  ['runs, of which only the run is noted', exited(1), waiting, started(10), alive, 'adopt'],
  ['ended unseen', running(10), nothing, started(10), begun, 'end'],
  ['began and ended unseen', created, nothing, prepared(10), begun, 'end'],
  ['began and ended unseen in a restart', exited(1), waiting, started(10), begun, 'end'],
  ['went down with the machine', running(10), nothing, started(10), nothing, 'end'],
  [
    'went down with the machine, which emptied its run directory',
    running(10),
    nothing,
    undefined,
    nothing,
    'end',
  ],
  ['ended, which is noted', exited(10), nothing, started(10), begun, 'discard'],
  ['ended, which is noted, and is to be restarted', exited(10), waiting, started(10), begun, 'resume'],
  ['waits to be restarted', exited(10), waiting, undefined, nothing, 'resume'],
  ['was being prepared for a restart', exited(1), waiting, prepared(10), { isAlive: true }, 'resume'],
])('a container that %s', (_, status, record, run, seen, judgement) => {
  expect(
    judge({ restarting: false, ...record, status } as ContainerRecord, run as RunRecord | undefined, {
      hasBegun: false,
      isAlive: false,
      ...seen,
    }),
  ).toBe(judgement);
});

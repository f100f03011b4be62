import { expect, test } from 'vitest';
import type { Entry } from '../../src/engine/containers.ts';
import { type Phase, phaseOf } from '../../src/engine/phase.ts';

test.each<[Phase, object | undefined, string]>([
  ['idle', undefined, 'created'],
  ['idle', undefined, 'exited'],
  ['prepared', { started: false }, 'created'],
  ['prepared', { started: false }, 'exited'],
  ['running', { started: true }, 'running'],
  ['running', { started: true, paused: true }, 'running'],
  ['ending', { started: true }, 'exited'],
])('a container is %s with the run %j and the status %s', (phase, run, kind) => {
  expect(phaseOf({ record: { status: { kind } }, run } as Entry)).toBe(phase);
});

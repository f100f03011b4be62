import { expect, test } from 'vitest';
import { boundLog } from '../../src/engine/log-bound.ts';
import type { Parts } from '../../src/engine/parts.ts';
import type { ContainerRecord } from '../../src/engine/record.ts';
import { specOf } from './fakes.ts';

/** How long it waits after each look, when the looks find these sizes. */
async function waits(spec: ReturnType<typeof specOf>, sizes: readonly number[]): Promise<readonly number[]> {
  const waited: number[] = [];
  const found = [...sizes];
  const ended = new AbortController();
  const parts = {
    runtime: { rotateLog: async () => found.shift() ?? 0 },
    host: {
      clock: {
        sleep: async (ms: number) => {
          waited.push(Math.round(ms));
          if (found.length === 0) ended.abort();
        },
      },
    },
  } as unknown as Parts;
  await boundLog(parts, { record: { id: 'c1', spec } as ContainerRecord }, ended.signal);
  return waited;
}

test('a log with a bound is looked at the sooner the faster it fills', async () => {
  const logging = { kind: 'bounded', maxBytes: 10_000, maxFiles: 3 } as const;
  //      still, 1 byte a ms, 5 a ms, full, 9.99 a ms, still
  const sizes = [0, 1_000, 6_000, 10_000, 9_990, 9_990];
  expect(await waits(specOf('web', { logging }), sizes)).toEqual([1_000, 1_000, 800, 1_000, 50, 1_000]);
});

test('a log without a bound is not looked at, nor one that is not kept', async () => {
  expect(await waits(specOf('web'), [1])).toEqual([]);
  expect(await waits(specOf('web', { logging: { kind: 'none' } }), [1])).toEqual([]);
});

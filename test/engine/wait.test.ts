import { expect, test, vi } from 'vitest';
import { waitFor } from '../../src/engine/wait.ts';
import { eventually } from '../patience.ts';
import { specOf } from './fakes.ts';
import { machine } from './machine.ts';

const healthyDb = {
  kind: 'WaitFor',
  name: 'db',
  service: 'db',
  condition: 'healthy',
  required: true,
} as const;

test('a wait for health outlives the restart, by its policy, of what is waited for', async () => {
  const { parts, lifecycle, entry, create } = await machine();
  const probe = { output: '', timedOut: false };
  const exec = vi.spyOn(parts.runtime, 'exec').mockResolvedValue({ ...probe, code: 1 });
  await create(
    specOf('db', {
      restart: { kind: 'on-failure' },
      healthcheck: { kind: 'enabled', test: ['CMD', 'ready'], retries: 1_000_000 },
    }),
  );
  await lifecycle.start(entry('db'));
  const told: string[] = [];
  const wait = waitFor(parts, healthyDb, {
    project: 'p',
    signal: AbortSignal.timeout(60_000),
    report: ({ text }) => told.push(text),
  });
  parts.end('db', { code: 1 });
  await eventually(() => expect(entry('db').record.restartCount).toBe(1));
  exec.mockResolvedValue({ ...probe, code: 0 });
  await expect(wait).resolves.toBeUndefined();
  expect(told.at(-1)).toBe('healthy');
  await lifecycle.stop(entry('db'));
});

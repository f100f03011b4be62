import { expect, test, vi } from 'vitest';
import { HostError } from '../../src/errors.ts';
import { eventually } from '../patience.ts';
import { specOf } from './fakes.ts';
import { machine } from './machine.ts';

test('checks go on when one could not be written down, and what it found is known all the same', async () => {
  const { parts, lifecycle, entry, create, state } = await machine();
  const probe = { output: '', timedOut: false };
  const exec = vi.spyOn(parts.runtime, 'exec').mockResolvedValue({ ...probe, code: 0 });
  await create(specOf('db', { healthcheck: { kind: 'enabled', test: ['CMD', 'ready'], retries: 1 } }));
  const full = new HostError('HOST_ENOSPC', 'no space left on device');
  const told = vi.spyOn(console, 'error').mockReturnValue();
  await lifecycle.start(entry('db'));
  const write = vi.spyOn(parts.host.files, 'write').mockRejectedValue(full);
  await eventually(() => expect(told).toHaveBeenCalledWith('noting the health of db:', full));
  expect(state('db')).toEqual({ status: 'running', health: 'healthy' });
  exec.mockResolvedValue({ ...probe, code: 1 });
  await eventually(() => expect(state('db')).toEqual({ status: 'running', health: 'unhealthy' }));
  write.mockRestore();
  await lifecycle.stop(entry('db'));
});

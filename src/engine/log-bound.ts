/** Keeps the log of a running container as small as its service says. */
import { insist } from './background.ts';
import type { Entry } from './containers.ts';
import type { Parts } from './parts.ts';

/** A log is looked at again when it will be full if it grows as before, within these bounds. */
const shortestWaitMs = 50;
const longestWaitMs = 1_000;

/** Until the signal is raised, which it is when the container has ended. */
export async function boundLog(
  { runtime, host }: Pick<Parts, 'runtime' | 'host'>,
  { record }: Pick<Entry, 'record'>,
  signal: AbortSignal,
): Promise<void> {
  const { logging, name } = record.spec;
  if (logging?.kind !== 'bounded') return;
  const { maxBytes } = logging;
  let size = 0;
  let waitMs = shortestWaitMs;
  while (!signal.aborted) {
    let found = 0;
    const look = async (): Promise<void> => {
      found = await runtime.rotateLog(record.id, logging);
    };
    await insist(`rotating the log of ${name}`, look, host.clock, signal);
    const bytesPerMs = Math.max(0, found - size) / waitMs;
    size = found >= maxBytes ? 0 : found;
    waitMs = timeToFill(maxBytes - size, bytesPerMs);
    await host.clock.sleep(waitMs, signal);
  }
}

function timeToFill(roomBytes: number, bytesPerMs: number): number {
  return Math.min(longestWaitMs, Math.max(shortestWaitMs, roomBytes / bytesPerMs));
}

/** Work that nobody waits for. An error in it is told in the agent's log, and takes nothing else down. */
import type { Clock } from '../host/clock.ts';

export function inBackground(what: string, work: Promise<unknown>): void {
  work.catch((error: unknown) => console.error(`${what}:`, error));
}

const retryMs = 1_000;

/**
 * Does what must be done in the end, such as writing down an exit on a disk that is full just now:
 * again after a while, until it succeeds or the signal is raised, which may be why it failed.
 */
export async function insist(
  what: string,
  work: () => Promise<void>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return;
      console.error(`${what}, to be tried again:`, error);
      await clock.sleep(retryMs, signal);
    }
  }
}

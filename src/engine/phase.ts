import type { Entry } from './containers.ts';

export type Phase = 'idle' | 'prepared' | 'running' | 'ending';

/**
 * What a container is at, by its two records, seen in its turn:
 *
 *     run       status   phase
 *     none      any      idle
 *     prepared  any      prepared: its process waits to be let run
 *     started   running  running, or paused
 *     started   other    ending: its end is noted, what it left is being taken away
 */
export function phaseOf({ record, run }: Pick<Entry, 'record' | 'run'>): Phase {
  if (run === undefined) return 'idle';
  if (!run.started) return 'prepared';
  return record.status.kind === 'running' ? 'running' : 'ending';
}

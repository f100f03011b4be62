/** What a new agent does with a container, judged by what is on disk and on the machine. Pure. */
import type { ContainerRecord, RunRecord, Status } from './record.ts';

/**
 * `adopt`: it runs, and is watched from now on. `end`: it ran, and nobody has noted how that ended.
 * `resume`: a restart was being waited for, or made. `discard`: nothing of it runs; what a start or an end that was
 * cut off left goes.
 */
export type Judgement = 'adopt' | 'end' | 'resume' | 'discard';

/** What the machine says of the run; of another boot's it says nothing. */
export interface Seen {
  readonly hasBegun: boolean;
  readonly isAlive: boolean;
}

export function judge(record: ContainerRecord, run: RunRecord | undefined, seen: Seen): Judgement {
  const hasRun = run?.started || seen.hasBegun;
  if (hasRun && seen.isAlive) return 'adopt';
  const isEndNoted = record.status.kind === 'exited' && isOf(record.status, run);
  if (hasRun ? !isEndNoted : record.status.kind === 'running') return 'end';
  return record.restarting ? 'resume' : 'discard';
}

/** A status and a run are known to belong together by when they began. */
export function isOf(status: Status, run: RunRecord | undefined): boolean {
  return status.kind !== 'created' && status.startedAt === run?.startedAt;
}

/** Commands that make no sense: options that contradict each other, numbers of replicas that are none. */
import { TscomposeError } from '../../errors.ts';
import { noSuchService } from './blame.ts';
import type { UpCommand } from './command.ts';
import { conflictIn } from './conflicts.ts';

/** @throws TscomposeError `CONFLICTING_OPTIONS`, `SCALE_INVALID`, `NO_SUCH_SERVICE` */
export function refuseConflicts(command: UpCommand, known: readonly string[]): void {
  const conflict = conflictIn(command);
  if (conflict !== undefined) throw new TscomposeError('CONFLICTING_OPTIONS', conflict);
  for (const [service, replicas] of Object.entries(command.scale)) {
    if (!known.includes(service)) throw noSuchService(service, known);
    if (Number.isInteger(replicas) && replicas >= 0) continue;
    throw new TscomposeError(
      'SCALE_INVALID',
      `--scale ${service}=${replicas} is not a number of containers`,
      {
        hint: 'give a whole number from 0',
      },
    );
  }
}

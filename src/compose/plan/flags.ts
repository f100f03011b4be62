/** Options that contradict each other, and numbers of replicas that make no sense. */
import { TscomposeError } from '../../errors.ts';
import { noSuchService } from './blame.ts';
import type { UpCommand } from './command.ts';

const conflicts: readonly (readonly [(command: UpCommand) => boolean, string])[] = [
  [
    ({ recreate, renewAnonymousVolumes }) => recreate === 'never' && renewAnonymousVolumes,
    '--no-recreate and --renew-anon-volumes are incompatible',
  ],
  [
    ({ recreate, recreateDependencies }) => recreate === 'never' && recreateDependencies,
    '--no-recreate and --always-recreate-deps are incompatible',
  ],
  [({ wait, start }) => wait && !start, '--wait and --no-start are incompatible'],
  [
    ({ removeOrphans, ignoreOrphans }) => removeOrphans && ignoreOrphans,
    'cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans',
  ],
];

/** @throws TscomposeError `CONFLICTING_OPTIONS`, `SCALE_INVALID`, `NO_SUCH_SERVICE` */
export function refuseConflicts(command: UpCommand, known: readonly string[]): void {
  for (const [isConflict, message] of conflicts) {
    if (isConflict(command)) throw new TscomposeError('CONFLICTING_OPTIONS', message);
  }
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

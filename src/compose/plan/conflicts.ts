/** Options of `up` and `create` that contradict each other. */
import type { UpCommand } from './command.ts';

/** What is wrong, in Docker Compose's words; nothing when the options go together. */
export function conflictIn(command: UpCommand): string | undefined {
  return conflicts.find(([isConflict]) => isConflict(command))?.[1];
}

const conflicts: readonly (readonly [(command: UpCommand) => boolean, string])[] = [
  [
    ({ recreate, renewAnonymousVolumes }) => recreate === 'never' && renewAnonymousVolumes,
    '--no-recreate and --renew-anon-volumes are incompatible',
  ],
  [
    ({ recreate, recreateDependencies }) => recreate === 'never' && recreateDependencies,
    '--always-recreate-deps and --no-recreate are incompatible',
  ],
  [({ wait, start }) => wait && !start, '--wait and --no-start are incompatible'],
  [
    ({ removeOrphans, ignoreOrphans }) => removeOrphans && ignoreOrphans,
    'cannot combine COMPOSE_IGNORE_ORPHANS and --remove-orphans',
  ],
];

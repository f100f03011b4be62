/** Options that several commands share, so that they read and behave alike. */
import type { UpCommand } from '../../compose/plan/command.ts';
import { conflictIn } from '../../compose/plan/conflicts.ts';
import { TscomposeError } from '../../errors.ts';
import type { Cli } from '../cli.ts';
import { flag, list, oneOf, parsed, text } from '../spec.ts';
import { replica, scaleOf, seconds } from '../values.ts';

export const dryRun = flag('--dry-run', 'Show what would be done, and do nothing');
export const timeout = parsed(
  '-t, --timeout <seconds>',
  'Time to stop in, before containers are killed',
  seconds,
);
export const removeOrphans = flag(
  '--remove-orphans',
  'Also remove containers of services the file no longer has',
);
export const quiet = flag('-q, --quiet', 'Show only ids');
export const format = text('--format <format>', 'table, json, or a Go template');
export const index = parsed('--index <n>', 'Number of the container, when the service has several', replica);
export const pullPolicy = oneOf('--pull <policy>', 'When to fetch images', [
  'always',
  'missing',
  'never',
  'build',
]);

/** What `up`, `create` and `plan` have in common. */
export const creation = {
  forceRecreate: flag('--force-recreate', 'Replace containers even if nothing changed'),
  noRecreate: flag('--no-recreate', 'Keep containers that are there, whatever changed'),
  pull: pullPolicy,
  quietPull: flag('--quiet-pull', 'Fetch images without showing progress'),
  removeOrphans,
  scale: list('--scale <service=n>', 'Number of containers of a service, instead of what the file says'),
  build: flag('--build', 'Build images first', { hidden: true }),
  noBuild: flag('--no-build', 'Build no image, even if it is missing'),
  yes: flag('-y, --yes', 'Answer "yes" to every question'),
  dryRun,
} as const;

export const upOnly = {
  alwaysRecreateDeps: flag('--always-recreate-deps', 'Replace the containers of dependencies too'),
  noDeps: flag('--no-deps', 'Leave dependencies alone'),
  renewAnonVolumes: flag('-V, --renew-anon-volumes', 'Start with fresh anonymous volumes'),
  timeout,
} as const;

export const waitTimeout = parsed('--wait-timeout <seconds>', 'Longest time to wait; 0 is no limit', seconds);

interface CreationOptions {
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly pull: 'always' | 'missing' | 'never' | 'build' | undefined;
  readonly removeOrphans: boolean;
  readonly scale: readonly string[];
  readonly build: boolean;
  readonly yes: boolean;
  readonly noBuild: boolean;
  readonly alwaysRecreateDeps?: boolean;
  readonly noDeps?: boolean;
  readonly renewAnonVolumes?: boolean;
  readonly timeout?: number | undefined;
}

interface UpRest {
  readonly start: boolean;
  readonly wait: boolean;
  readonly waitTimeoutMs?: number | undefined;
  /** False: nothing is done, so nobody is asked. */
  readonly asks?: boolean;
}

/** The command for the planner. @throws TscomposeError `CLI_USAGE` at options that exclude each other */
export function upCommand(
  cli: Cli,
  options: CreationOptions,
  services: readonly string[],
  rest: UpRest,
): UpCommand {
  exclude(options.build && options.noBuild, '--build and --no-build are incompatible');
  exclude(options.forceRecreate && options.noRecreate, '--force-recreate and --no-recreate are incompatible');
  const command: UpCommand = {
    kind: 'up',
    services,
    recreate: options.forceRecreate ? 'force' : options.noRecreate ? 'never' : 'diverged',
    recreateDependencies: options.alwaysRecreateDeps === true,
    noDeps: options.noDeps === true,
    start: rest.start,
    wait: rest.wait,
    ...(rest.waitTimeoutMs === undefined ? {} : { waitTimeoutMs: rest.waitTimeoutMs }),
    removeOrphans: options.removeOrphans || cli.settings.removeOrphans,
    ignoreOrphans: cli.settings.ignoreOrphans,
    scale: usable(() => scaleOf(options.scale)),
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    ...(options.pull === undefined ? {} : { pull: options.pull }),
    ...(options.build ? { build: true } : {}),
    renewAnonymousVolumes: options.renewAnonVolumes === true,
    divergedVolumes: options.yes ? 'remake' : asks(cli, rest) ? {} : 'keep',
  };
  const conflict = conflictIn(command);
  if (conflict !== undefined) throw new TscomposeError('CLI_USAGE', conflict);
  return command;
}

/** Nobody is asked who could not answer. */
function asks({ io, settings }: Cli, rest: UpRest): boolean {
  return rest.asks !== false && io.stdin.isTTY && !settings.dryRun;
}

/** @throws TscomposeError `CLI_USAGE` when the options exclude each other */
export function exclude(conflict: boolean, message: string): void {
  if (conflict) throw new TscomposeError('CLI_USAGE', message);
}

/** Turns a parser's complaint into a usage error. */
export function usable<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof TscomposeError) throw error;
    throw new TscomposeError('CLI_USAGE', (error as Error).message, { cause: error });
  }
}

/** What holds for every command: the global options, and the variables that stand in for them. */
import { TscomposeError } from '../errors.ts';
import { flag, list, type OptionTable, oneOf, parsed, text, type Values } from './spec.ts';
import { wholeNumber } from './values.ts';

export const progressKinds = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;
export const ansiKinds = ['auto', 'never', 'always'] as const;

export const globalOptions = {
  file: list('-f, --file <path>', 'Compose file to read; "-" is standard input (repeatable)'),
  projectName: text('-p, --project-name <name>', 'Name of the project'),
  profile: list('--profile <name>', 'Profile to enable; "*" is all of them (repeatable)'),
  envFile: list('--env-file <path>', 'Read variables from this file instead of .env (repeatable)'),
  projectDirectory: text(
    '--project-directory <path>',
    'Directory that relative paths start from (default: that of the first file)',
    { aliases: ['--workdir <path>'] },
  ),
  progress: oneOf('--progress <kind>', 'How to show what happens', progressKinds),
  ansi: oneOf('--ansi <when>', 'When to use colours and cursor control', ansiKinds),
  noAnsi: flag('--no-ansi', 'No colours', { hidden: true }),
  parallel: parsed('--parallel <n>', 'Most actions at a time; 0 or less is no limit', wholeNumber),
  dryRun: flag('--dry-run', 'Show what would be done, and do nothing'),
  allResources: flag('--all-resources', 'Keep resources that no service uses'),
  compatibility: flag('--compatibility', 'Leave the model as the files have it', { hidden: true }),
  verbose: flag('--verbose', 'Accepted for compatibility', { hidden: true }),
} as const satisfies OptionTable;

export interface Settings {
  readonly files: readonly string[];
  /** `-p` and `--profile` alone: their variables may stand in `.env`, which is the loader's to read. */
  readonly projectName: string | undefined;
  readonly profiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly projectDirectory: string | undefined;
  readonly progress: (typeof progressKinds)[number];
  readonly ansi: (typeof ansiKinds)[number];
  readonly parallel: number | undefined;
  readonly dryRun: boolean;
  readonly allResources: boolean;
  /** `config` leaves out what normalising would add. */
  readonly compatibility: boolean;
  readonly ignoreOrphans: boolean;
  readonly removeOrphans: boolean;
  /** Progress goes to standard output instead of standard error. */
  readonly statusToStdout: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** An option beats its variable. @throws TscomposeError `CLI_USAGE` at a variable without sense */
export function settingsFrom(options: Values<typeof globalOptions>, environment: Environment): Settings {
  return {
    files: options.file,
    projectName: options.projectName,
    profiles: options.profile,
    envFiles: options.envFile,
    projectDirectory: options.projectDirectory,
    progress: options.progress ?? chosen(environment, 'COMPOSE_PROGRESS', progressKinds) ?? 'auto',
    ansi: options.noAnsi
      ? 'never'
      : (options.ansi ?? chosen(environment, 'COMPOSE_ANSI', ansiKinds) ?? 'auto'),
    parallel: options.parallel ?? limit(environment),
    dryRun: options.dryRun,
    allResources: options.allResources,
    compatibility: options.compatibility || isTrue(environment.COMPOSE_COMPATIBILITY),
    ignoreOrphans: isTrue(environment.COMPOSE_IGNORE_ORPHANS),
    removeOrphans: isTrue(environment.COMPOSE_REMOVE_ORPHANS),
    statusToStdout: isTrue(environment.COMPOSE_STATUS_STDOUT),
  };
}

export function isTrue(value: string | undefined): boolean {
  return ['1', 't', 'true', 'y', 'yes', 'on'].includes((value ?? '').toLowerCase());
}

function notEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function chosen<const C extends readonly string[]>(
  environment: Environment,
  name: string,
  choices: C,
): C[number] | undefined {
  const value = notEmpty(environment[name]);
  if (value === undefined || choices.includes(value)) return value;
  throw new TscomposeError('CLI_USAGE', `${name}="${value}" is not one of ${choices.join(', ')}`);
}

function limit(environment: Environment): number | undefined {
  const value = notEmpty(environment.COMPOSE_PARALLEL_LIMIT);
  if (value === undefined) return undefined;
  try {
    return wholeNumber(value);
  } catch {
    throw new TscomposeError('CLI_USAGE', `COMPOSE_PARALLEL_LIMIT="${value}" is not a whole number`);
  }
}

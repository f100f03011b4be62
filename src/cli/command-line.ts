/**
 * The command line. It parses words, makes one call on the agent's client, and hands the answer to a view.
 * Goes in: the words after the program's name, and the world as an `Io`. Comes out: an exit code.
 * Commands are loaded when they are called; a command that needs no file loads no YAML.
 * It never touches the machine itself and never decides what is to be done: that is the plan's.
 */
import { TscomposeError } from '../errors.ts';
import { adviceFor } from './absent.ts';
import { openCli } from './cli.ts';
import type { Entry } from './entry.ts';
import { withEnvFiles } from './env-files.ts';
import { ExitWith, exitCodes } from './exit.ts';
import type { Mistake } from './invocation.ts';
import type { Io } from './io.ts';
import { written } from './outputs.ts';
import { parse } from './parse.ts';
import { globalOptions, settingsFrom } from './settings.ts';
import { isSpelling, type Values } from './spec.ts';

/** Words after the program's name, and the commands they may name. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly registry: readonly Entry[];
}

/** Runs it to its end. Resolves with the exit code; nothing escapes as a rejection. */
export async function execute(line: CommandLine, io?: Io): Promise<number> {
  const world = io ?? (await import('./system-io.ts')).systemIo();
  try {
    return await dispatch(line, world);
  } catch (error) {
    return report(error, line, world);
  }
}

/**
 * The same as a process of its own. It ends once all is written: waiting for what V8 still compiles for a longer life,
 * and taking memory apart that goes with the process, takes longer than many a command.
 */
export async function executeAndExit(line: CommandLine): Promise<never> {
  const exitCode = await execute(line);
  await written();
  process.exit(exitCode);
}

async function dispatch({ argv, registry }: CommandLine, io: Io): Promise<number> {
  if (['-v', '--version'].includes(argv[0] ?? '')) return dispatch({ argv: ['version'], registry }, io);
  const parsed = await parse(argv.length === 0 ? ['--help'] : argv, {
    registry,
    write: (text) => io.stdout.write(text),
    columns: () => io.stdout.columns,
  });
  if ('mistake' in parsed) throw usageError(parsed.mistake, { argv, registry });
  if (parsed.invocation === undefined) return exitCodes.success;
  const { spec, globals, options, args } = parsed.invocation;
  const given = globals as Values<typeof globalOptions>;
  const environment = await withEnvFiles(io, settingsFrom(given, io.environment));
  const settings = settingsFrom(given, environment);
  const cli = openCli(
    { ...io, environment },
    options.dryRun === true ? { ...settings, dryRun: true } : settings,
  );
  try {
    return (await spec.run(cli, options, args)) ?? exitCodes.success;
  } finally {
    cli.close();
  }
}

/** Says what went wrong and answers the exit code. */
async function report(error: unknown, line: CommandLine, io: Io): Promise<number> {
  if (error instanceof ExitWith) return error.exitCode;
  const { renderError } = await import('./views/problems.ts');
  io.stderr.write(`${await renderError(error, io, line.argv.includes('never') ? 'never' : 'auto')}\n`);
  return error instanceof TscomposeError ? error.exitCode : exitCodes.failure;
}

function usageError(error: Mistake, line: CommandLine): TscomposeError {
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\n?\(Did you mean (.*)\?\)$/s, ' (did you mean $1?)')
    .replace(/\.$/, '')
    .replace(/^option '(?:-\w, )?(--[\w-]+).*? is invalid\. /s, '$1: ');
  const hint = usageHint(error, line);
  // A command that Docker has and we have not is no misspelling.
  return new TscomposeError(
    'CLI_USAGE',
    message.replace(isAbsent(error) ? / \(did you mean .*$/ : '', ''),
    hint === undefined ? {} : { hint },
  );
}

function isAbsent(error: Mistake): boolean {
  return error.code === 'commander.unknownCommand' && adviceFor(wordOf(error)) !== undefined;
}

/** The word that a complaint is about. */
function wordOf(error: Mistake): string {
  return /'([^' ]+)/.exec(error.message)?.[1] ?? '';
}

function usageHint(error: Mistake, line: CommandLine): string | undefined {
  const named = wordOf(error);
  const { at, words } = commandIn(line);
  const inFull = ['tscompose', ...words].join(' ');
  if (error.code === 'commander.unknownCommand')
    return adviceFor(named) ?? `run "${inFull} --help" for the list of commands`;
  if (error.code === 'commander.unknownOption' && isGlobal(named))
    return `${named} stands before the command: ${['tscompose', named, '…', ...words].join(' ')}`;
  const isBefore = line.argv.slice(0, at).some((word) => word.split('=', 1)[0] === named);
  return `run "${isBefore ? 'tscompose' : inFull} --help" for what it takes`;
}

function isGlobal(flag: string): boolean {
  return Object.values(globalOptions).some(({ flags }) => isSpelling(flag, flags));
}

/** Where the command begins, and its words: `image load`. */
function commandIn({ argv, registry }: CommandLine): {
  readonly at: number;
  readonly words: readonly string[];
} {
  const [entry] = argv.flatMap((word) => registry.filter(({ name }) => name === word));
  if (entry === undefined) return { at: argv.length, words: [] };
  const at = argv.indexOf(entry.name);
  const child = entry.children?.find(({ name }) => name === argv[at + 1]);
  return { at, words: [entry.name, ...(child === undefined ? [] : [child.name])] };
}

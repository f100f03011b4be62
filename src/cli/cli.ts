/** What a command works with: the world, the settings, and the few calls that every command makes. */
import type { AgentClient, ApplyLine } from '../agent/protocol.ts';
import type { LoadResult } from '../compose/load/load.ts';
import type { LoadOptions } from '../compose/load/reader.ts';
import type { Project } from '../compose/model/project.ts';
import type { Command } from '../compose/plan/command.ts';
import type { Plan } from '../compose/plan/plan.ts';
import type { SavedPlan } from '../compose/plan/saved.ts';
import { ComposeError, TscomposeError } from '../errors.ts';
import { ExitWith, exitCodes } from './exit.ts';
import type { Io, Output } from './io.ts';
import type { Settings } from './settings.ts';
import { isYes } from './values.ts';
import { type Paint, painter } from './views/colour.ts';
import { warningLine } from './views/problems.ts';
import type { ProgressView } from './views/progress/progress.ts';

/** A project by its file, or by nothing but its name. */
export interface Target {
  readonly name: string;
  readonly project?: Project;
}

/** Loading flags that some commands set; the rest comes from the settings. */
export type LoadExtras = Partial<
  Pick<
    LoadOptions,
    | 'services'
    | 'purpose'
    | 'cwd'
    | 'files'
    | 'envFiles'
    | 'profiles'
    | 'projectName'
    | 'projectDirectory'
    | 'allResources'
    | 'interpolate'
    | 'normalize'
    | 'resolvePaths'
    | 'consistency'
    | 'resolveEnvironment'
  >
>;

export interface DrawOptions {
  readonly quiet?: boolean;
  /** `--quiet-pull`. */
  readonly hideImages?: boolean;
  /** Lines that stay: others write on the screen at the same time. */
  readonly linesOnly?: boolean;
}

export interface ApplyOptions extends DrawOptions {
  /** Sees each line before it is drawn. */
  readonly onLine?: (line: ApplyLine) => void;
  /** Instead of a view of its own. */
  readonly view?: ProgressView;
  /** Instead of the first Ctrl-C. */
  readonly signal?: AbortSignal;
  /** Exactly this plan is carried out, or none. */
  readonly saved?: SavedPlan | undefined;
}

export interface Cli {
  readonly io: Io;
  readonly settings: Settings;
  readonly paint: Paint;
  /** A line of the command's result. */
  print(line: string): void;
  /** A line beside the result. */
  note(line: string): void;
  warn(message: string): void;
  /** What loading warns of: once each, of however many places. */
  warnOf(warnings: LoadResult['warnings']): void;
  /**
   * The project of the files, from the agent when one is there: its loader is warm.
   * @throws ComposeError with every mistake in them
   */
  project(extras?: LoadExtras): Promise<Project>;
  /** The same, loaded here, for commands that need no agent otherwise. */
  projectLoadedHere(extras?: LoadExtras): Promise<Project>;
  /** The same as `config` prints it in YAML: of big files less is in memory at a time. */
  printedHere(extras?: LoadExtras): Promise<string>;
  /** The project of the files, or its name alone when only that is given: then labels have to do. */
  target(services?: readonly string[]): Promise<Target>;
  client(): Promise<AgentClient>;
  /** Has the agent carry the command out, and draws what happens. Under `--dry-run` prints the plan instead. */
  apply(target: Target, command: Command, options?: ApplyOptions): Promise<Plan>;
  progress(options?: DrawOptions): Promise<ProgressView>;
  close(): void;
}

export function openCli(io: Io, settings: Settings): Cli {
  let connected: Promise<AgentClient> | undefined;
  let open: AgentClient | undefined;

  const cli: Cli = {
    io,
    settings,
    paint: painter(io.stdout, settings.ansi, io.environment),
    print: (line) => io.stdout.write(`${line}\n`),
    note: (line) => statusOutput(cli).write(`${line}\n`),
    warn: (message) => io.stderr.write(`${warningLine(message, io, settings.ansi)}\n`),
    warnOf: (warnings) => {
      for (const message of new Set(warnings.map(({ message }) => message))) cli.warn(message);
    },
    project: async (extras) => {
      const options = loadOptions(cli, extras);
      const client = await cli.client().catch(() => undefined);
      return projectOf(cli, (await client?.load(options)) ?? (await loadHere(cli, options)));
    },
    projectLoadedHere: async (extras) => projectOf(cli, await loadHere(cli, loadOptions(cli, extras))),
    printedHere: async (extras) => {
      // First: it takes as long to start as everything here takes until there is a job for it.
      const [file, ...others] = settings.files;
      const helper = others.length === 0 ? await io.secondThread?.(file) : undefined;
      const { text, ...found } = await (await io.compose()).loadPrinted(loadOptions(cli, extras), helper);
      return loaded(cli, text, found);
    },
    target: async (services = []) => {
      if (settings.projectName !== undefined && settings.files.length === 0)
        return { name: settings.projectName };
      return targetOf(cli, services);
    },
    client: async () => {
      connected ??= io.connect();
      open = await connected;
      return open;
    },
    apply: (target, command, options) => apply(cli, target, command, options),
    progress: (options = {}) => openProgress(cli, options),
    close: () => open?.close(),
  };
  return cli;
}

/** Without a file, a name in the environment will do. */
async function targetOf(cli: Cli, services: readonly string[]): Promise<Target> {
  try {
    const project = await cli.project({ services });
    return { name: project.name, project };
  } catch (error) {
    const named = cli.io.environment.COMPOSE_PROJECT_NAME ?? '';
    const isMissing =
      error instanceof ComposeError && error.problems.every(({ code }) => code === 'COMPOSE_NO_FILE');
    if (!isMissing || named === '') throw error;
    return { name: named };
  }
}

async function loadHere({ io }: Cli, options: LoadOptions): Promise<LoadResult> {
  return (await io.compose()).load(options);
}

function projectOf(cli: Cli, { project, ...found }: LoadResult): Project {
  return loaded(cli, project, found);
}

/** What was made of the files, once it is told what is wrong with them. */
function loaded<T>(cli: Cli, made: T | undefined, found: Pick<LoadResult, 'problems' | 'warnings'>): T {
  cli.warnOf(found.warnings);
  if (made === undefined || found.problems.length > 0) throw new ComposeError(found.problems);
  return made;
}

export function loadOptions(
  { io, settings }: Pick<Cli, 'io' | 'settings'>,
  extras: LoadExtras = {},
): LoadOptions {
  const environment = Object.fromEntries(
    Object.entries(io.environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    reader: io.reader,
    environment,
    cwd: io.cwd,
    files: settings.files,
    envFiles: settings.envFiles,
    profiles: settings.profiles,
    services: [],
    // What could not be started can still be looked at, stopped and taken down.
    purpose: 'read',
    allResources: settings.allResources,
    ...(environment.HOME === undefined ? {} : { home: environment.HOME }),
    ...(settings.projectName === undefined ? {} : { projectName: settings.projectName }),
    ...(settings.projectDirectory === undefined ? {} : { projectDirectory: settings.projectDirectory }),
    ...extras,
  };
}

async function apply(cli: Cli, target: Target, command: Command, options: ApplyOptions = {}): Promise<Plan> {
  const { settings } = cli;
  const client = await cli.client();
  const request = {
    ...(target.project === undefined ? {} : { project: target.project }),
    projectName: target.name,
    dryRun: settings.dryRun,
    ...(settings.parallel === undefined ? {} : { parallel: settings.parallel }),
    ...(options.saved === undefined ? {} : { saved: options.saved }),
  };
  const view = options.view ?? (await openProgress(cli, settings.dryRun ? { quiet: true } : options));
  const interrupt = new AbortController();
  const release =
    options.signal === undefined ? cli.io.onInterrupt(() => interrupt.abort()) : (): void => undefined;
  const signal = options.signal ?? interrupt.signal;
  const onLine = (line: ApplyLine): void => {
    if (line.kind === 'plan' && line.plan.questions !== undefined) return;
    if (line.kind === 'plan') for (const warning of line.plan.warnings) cli.warn(warning);
    options.onLine?.(line);
    view.take(line);
  };
  try {
    const plan = await answering(cli.io, command, (asked) =>
      client.apply({ ...request, command: asked }, { signal, onLine }),
    );
    await view.end();
    if (settings.dryRun) cli.io.stdout.write(withNewline(await cli.io.planText(plan)));
    return plan;
  } catch (error) {
    await view.end();
    if (interrupt.signal.aborted) throw new ExitWith(exitCodes.interrupted);
    throw error instanceof TscomposeError ? asFailure(error) : error;
  } finally {
    release();
  }
}

/** Applies the command; where that raises questions, nothing has been done, and it is applied again with the answers. */
async function answering(
  io: Io,
  command: Command,
  applied: (command: Command) => Promise<Plan>,
): Promise<Plan> {
  const plan = await applied(command);
  if (plan.questions === undefined || command.kind !== 'up') return plan;
  const answers: Record<string, boolean> = {};
  for (const { volume, text } of plan.questions) answers[volume] = isYes(await io.ask(`? ${text} (y/N) `));
  const earlier = typeof command.divergedVolumes === 'object' ? command.divergedVolumes : {};
  return answering(io, { ...command, divergedVolumes: { ...earlier, ...answers } }, applied);
}

/** What a program that could not be started would have ended with is for who runs that program: `run` and `exec`. */
function asFailure(error: TscomposeError): TscomposeError {
  const { code, message, hint, exitCode } = error;
  if (exitCode === exitCodes.failure || exitCode === exitCodes.interrupted) return error;
  return new TscomposeError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

async function openProgress(cli: Cli, options: DrawOptions): Promise<ProgressView> {
  const { settings, io } = cli;
  const { progressView } = await import('./views/progress/progress.ts');
  const status = statusOutput(cli);
  return progressView({
    kind:
      options.quiet === true
        ? 'quiet'
        : options.linesOnly === true
          ? asLines(settings.progress)
          : settings.progress,
    output: status,
    paint: painter(status, settings.ansi, io.environment),
    animate: status.isTTY && settings.ansi !== 'never',
    hideImages: options.hideImages === true,
    now: () => io.now(),
  });
}

function asLines(kind: Settings['progress']): Settings['progress'] {
  return kind === 'auto' || kind === 'tty' ? 'plain' : kind;
}

/** Where what happens is told: beside the results, unless `COMPOSE_STATUS_STDOUT` wants it among them. */
function statusOutput({ io, settings }: Pick<Cli, 'io' | 'settings'>): Output {
  return settings.statusToStdout ? io.stdout : io.stderr;
}

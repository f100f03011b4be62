/** Plans in files: `plan -o` writes them, `up --plan` carries them out. */
import { resolve } from 'node:path';
import type { UpCommand } from '../compose/plan/command.ts';
import { digestOf } from '../compose/plan/hash.ts';
import type { Plan } from '../compose/plan/plan.ts';
import { describeAction } from '../compose/plan/print.ts';
import type { SavedPlan } from '../compose/plan/saved.ts';
import { TscomposeError } from '../errors.ts';
import type { Cli, LoadExtras } from './cli.ts';
import type { Io } from './io.ts';
import type { Settings } from './settings.ts';

const format = 'tscompose plan';
const version = 1;

const sourceOptions: readonly (readonly [keyof LoadExtras, string])[] = [
  ['files', '-f'],
  ['envFiles', '--env-file'],
  ['profiles', '--profile'],
  ['projectName', '-p'],
  ['projectDirectory', '--project-directory'],
];

export interface PlanFile {
  readonly format: typeof format;
  readonly version: typeof version;
  readonly project: string;
  /** How the files are found and read again. */
  readonly source: LoadExtras;
  readonly command: UpCommand;
  /** For whoever reads the file; nothing is taken back from here. */
  readonly steps: readonly {
    readonly does: string;
    readonly because: string;
    readonly after: readonly string[];
  }[];
  readonly warnings: readonly string[];
  readonly saved: SavedPlan;
}

/** A project that came in by standard input cannot be read again. @throws TscomposeError `PLAN_UNREPEATABLE` */
export function sourceOf(
  { cwd }: Pick<Io, 'cwd'>,
  settings: Settings,
  services: readonly string[],
): LoadExtras {
  const { files, envFiles, profiles, projectName, projectDirectory, allResources } = settings;
  if (files.includes('-'))
    throw new TscomposeError(
      'PLAN_UNREPEATABLE',
      'a plan of what comes in by standard input cannot be kept',
      {
        hint: 'write it to a file, and name that with -f',
      },
    );
  return {
    purpose: 'run',
    services,
    cwd,
    files: files.map((path) => resolve(cwd, path)),
    envFiles: envFiles.map((path) => resolve(cwd, path)),
    profiles,
    allResources,
    ...(projectName === undefined ? {} : { projectName }),
    ...(projectDirectory === undefined ? {} : { projectDirectory: resolve(cwd, projectDirectory) }),
  };
}

/** Global options that would lead to other files than the plan was made of, by name. */
export function otherSource(
  { io, settings }: Pick<Cli, 'io' | 'settings'>,
  file: PlanFile,
): readonly string[] {
  const given = sourceOf(io, settings, []);
  const made: LoadExtras = { ...file.source, projectName: file.project };
  return sourceOptions.flatMap(([key, option]) => {
    const value = given[key];
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined;
    return isGiven && digestOf([value]) !== digestOf([made[key]]) ? [option] : [];
  });
}

/** Nobody else may read it: it tells what a machine runs. */
export async function writePlanFile(
  io: Io,
  path: string,
  { plan, ...kept }: Pick<PlanFile, 'source' | 'command' | 'saved'> & { readonly plan: Plan },
): Promise<void> {
  const { source, command, saved } = kept;
  const file: PlanFile = {
    format,
    version,
    project: plan.project,
    source,
    command,
    steps: plan.nodes.map(({ action, because, after }) => ({ does: describeAction(action), because, after })),
    warnings: plan.warnings,
    saved,
  };
  const text = `${JSON.stringify({ ...file, checksum: digestOf(file) }, null, 2)}\n`;
  await io.writeBytes(path, async (to) => void to.write(text));
}

/** @throws TscomposeError `PLAN_FILE_INVALID` */
export async function readPlanFile({ reader, cwd }: Io, path: string): Promise<PlanFile> {
  const text = await reader.readText(resolve(cwd, path));
  if (text === undefined) throw invalid(`there is no plan ${path}`);
  const { checksum, ...file } = parsed(text, path);
  if (file.version !== version) throw invalid(`${path} was written by another version of tscompose`);
  if (digestOf(file) !== checksum) throw invalid(`${path} was changed after it was written, or cut short`);
  // The checksum says that we have written it.
  return file as unknown as PlanFile;
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'format' in value && value.format === format)
      return { ...value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalid(`${path} is no plan of tscompose`);
}

function invalid(message: string): TscomposeError {
  return new TscomposeError('PLAN_FILE_INVALID', message, {
    hint: 'make one with `tscompose plan -o FILE`',
  });
}

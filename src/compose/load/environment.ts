/** Phase: the variables that a project sees. Strongest first: the caller's, then `--env-file`s or the default `.env`. */
import { posix } from 'node:path';
import { parseEnvFile } from './dotenv.ts';
import type { Problems } from './problems.ts';
import type { LoadOptions, Reader } from './reader.ts';
import { makeSource } from './source.ts';
import type { Lookup } from './variables.ts';

export type Variables = ReadonlyMap<string, string>;

export interface ProjectEnvironment {
  readonly variables: Variables;
  /** Absolute paths that were asked for; empty when the default `.env` was used. */
  readonly envFiles: readonly string[];
}

export async function loadEnvironment(
  options: LoadOptions,
  directories: readonly string[],
  problems: Problems,
): Promise<ProjectEnvironment> {
  const explicit = explicitFiles(options);
  const own = new Map(Object.entries(options.environment));
  if (explicit.length > 0) {
    const variables = await readEnvFiles(options.reader, explicit, own, problems);
    return { variables, envFiles: explicit };
  }
  if (isTrue(options.environment.COMPOSE_DISABLE_ENV_FILE)) return { variables: own, envFiles: [] };
  const defaults: string[] = [];
  for (const directory of new Set(directories)) {
    const path = posix.join(directory, '.env');
    if ((await options.reader.kind(path)) === 'file') defaults.push(path);
  }
  const variables = await readEnvFiles(options.reader, defaults.slice(0, 1), own, problems);
  return { variables, envFiles: [] };
}

function explicitFiles(options: LoadOptions): readonly string[] {
  const given =
    options.envFiles.length > 0
      ? options.envFiles
      : (options.environment.COMPOSE_ENV_FILES ?? '').split(',').filter((name) => name !== '');
  return given.map((file) => posix.resolve(options.cwd, file));
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(1|t|true)$/i.test(value);
}

/** Later files win over earlier ones, `own` wins over all. */
export async function readEnvFiles(
  reader: Reader,
  files: readonly string[],
  own: Variables,
  problems: Problems,
): Promise<Variables> {
  const read = new Map<string, string>();
  const lookup: Lookup = (name) => own.get(name) ?? read.get(name);
  for (const file of files) {
    const text = await reader.readText(file);
    if (text === undefined) {
      problems.add({
        code: 'COMPOSE_ENV_FILE',
        message: `couldn't find env file: ${file}`,
        hint: 'make the file, or leave the option out',
      });
      continue;
    }
    const parsed = parseEnvFile(text, lookup);
    warnUnset(parsed.unset, problems);
    for (const [name, value] of parsed.values) read.set(name, value);
    if (parsed.problem !== undefined) reportEnvProblem(file, text, parsed.problem, problems);
  }
  return new Map([...read, ...own]);
}

export function warnUnset(names: readonly string[], problems: Problems): void {
  for (const name of names) {
    problems.warn(`The "${name}" variable is not set. Defaulting to a blank string.`);
  }
}

export function reportEnvProblem(
  file: string,
  text: string,
  problem: { readonly line: number; readonly message: string },
  problems: Problems,
): void {
  const source = makeSource(file, text);
  const start = source.lineStarts[problem.line - 1] ?? 0;
  const end = text.indexOf('\n', start);
  problems.add({
    code: 'COMPOSE_ENV_FILE',
    message: `failed to read ${file}: ${problem.message}`,
    at: { source, start, end: end === -1 ? text.length : end },
    hint: 'lines are NAME=value; quote values with spaces, # or line breaks',
  });
}

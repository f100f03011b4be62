/** Phase: the variables that a project sees. Strongest first: the caller's, then `--env-file`s or the default `.env`. */
import { posix } from 'node:path';
import { parseEnvFile, type UnsetInFile } from './dotenv.ts';
import { above, assignmentsOf } from './env-origins.ts';
import { namedDirectory } from './find-files.ts';
import type { Finding, Problems } from './problems.ts';
import { readText } from './read-text.ts';
import type { LoadOptions, Reader } from './reader.ts';
import { lineSpan, makeSource, type Span } from './source.ts';
import type { Assignment, FindOrigin } from './trace.ts';
import type { Lookup } from './variables.ts';

export type Variables = ReadonlyMap<string, string>;

/** The variables that a file sees, and who set them. */
export interface Environment {
  readonly variables: Variables;
  readonly origin: FindOrigin;
}

export interface ProjectEnvironment extends Environment {
  /** Absolute paths that were asked for; empty when the default `.env` was used. */
  readonly envFiles: readonly string[];
}

/** `found` is the project's directory, where the files were looked for: by now it is known. */
export async function loadEnvironment(
  options: LoadOptions,
  problems: Problems,
  found?: string,
): Promise<ProjectEnvironment> {
  const explicit = explicitFiles(options);
  const own = shellEnvironment(options.environment);
  if (explicit.length > 0) {
    const asked = explicit.map((path) => ({ path }));
    const environment = await readEnvFiles(options.reader, asked, own, problems);
    return { ...environment, envFiles: explicit };
  }
  if (isTrue(options.environment.COMPOSE_DISABLE_ENV_FILE)) return { ...own, envFiles: [] };
  let environment = own;
  for (const directory of directoriesOf(options, found)) {
    const path = posix.join(directory, '.env');
    if ((await options.reader.kind(path)) !== 'file') continue;
    environment = await readEnvFiles(options.reader, [{ path }], environment, problems);
  }
  return { ...environment, envFiles: [] };
}

/** Of a project that is found, and not named, the `.env` of the current directory counts too, and before its own. */
function directoriesOf(options: LoadOptions, found: string | undefined): ReadonlySet<string> {
  const named = namedDirectory(options);
  return new Set(named === undefined ? [options.cwd, found ?? options.cwd] : [named]);
}

function shellEnvironment(environment: LoadOptions['environment']): Environment {
  const variables = new Map(Object.entries(environment));
  return { variables, origin: (name) => assigned(variables.get(name), 'shell') };
}

/** The same environment with one variable set by the project itself. */
export function withVariable<T extends Environment>(environment: T, name: string, value: string): T {
  return {
    ...environment,
    variables: new Map(environment.variables).set(name, value),
    origin: (asked) => (asked === name ? assigned(value, 'project') : environment.origin(asked)),
  };
}

function assigned(value: string | undefined, from: Assignment['from']): Assignment | undefined {
  return value === undefined ? undefined : { value, from };
}

function explicitFiles(options: LoadOptions): readonly string[] {
  const given =
    options.envFiles.length > 0
      ? options.envFiles
      : (options.environment.COMPOSE_ENV_FILES ?? '').split(',').filter((name) => name !== '');
  return given.map((file) => posix.resolve(options.cwd, file));
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['1', 't', 'true'].includes(value.toLowerCase());
}

export interface EnvFile {
  readonly path: string;
  /** Where a Compose file names it. */
  readonly at?: Span;
}

/** Later files win over earlier ones, `own` wins over all. */
export async function readEnvFiles(
  reader: Reader,
  files: readonly EnvFile[],
  own: Environment,
  problems: Problems,
): Promise<Environment> {
  const read = new Map<string, string>();
  const origins = new Map<string, Assignment>();
  const lookup: Lookup = (name) => own.variables.get(name) ?? read.get(name);
  const earlier: FindOrigin = (name) => own.origin(name) ?? origins.get(name);
  for (const { path: file, at } of files) {
    const text = await readText(reader, file, problems, at);
    if (text === undefined) {
      problems.add({
        code: 'COMPOSE_ENV_FILE',
        message: `couldn't find env file: ${file}`,
        at,
        hint: `make the file, or leave the ${at === undefined ? 'option' : 'entry'} out`,
      });
      continue;
    }
    const parsed = parseEnvFile(text, lookup);
    warnUnsetInFile(file, text, parsed.unset, problems);
    const assignments = assignmentsOf({ path: file, text, lines: parsed.lines }, earlier);
    for (const [name, value] of parsed.values) read.set(name, value);
    for (const [name, line] of assignments) origins.set(name, above(line, origins.get(name)) ?? line);
    if (parsed.problem !== undefined) reportEnvProblem(file, text, parsed.problem, problems);
  }
  return {
    variables: new Map([...read, ...own.variables]),
    origin: (name) => above(own.origin(name), origins.get(name)),
  };
}

export function warnUnsetInFile(
  file: string,
  text: string,
  unset: readonly UnsetInFile[],
  problems: Problems,
): void {
  if (unset.length === 0) return;
  const source = makeSource(file, text);
  for (const { name, line } of unset) problems.warn(unsetVariable(name, lineSpan(source, line)));
}

export function unsetVariable(name: string, at: Span): Finding {
  return {
    code: 'COMPOSE_UNSET_VARIABLE',
    message: `The "${name}" variable is not set. Defaulting to a blank string.`,
    at,
    hint: `set ${name} in the environment or in .env, or write \${${name}:-} if nothing is meant`,
  };
}

export function reportEnvProblem(
  file: string,
  text: string,
  problem: { readonly line: number; readonly message: string },
  problems: Problems,
): void {
  problems.add({
    code: 'COMPOSE_ENV_FILE',
    message: `failed to read ${file}: ${problem.message}`,
    at: lineSpan(makeSource(file, text), problem.line),
    hint: 'lines are NAME=value; quote values with spaces, # or line breaks',
  });
}

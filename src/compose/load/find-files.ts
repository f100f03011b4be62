/** Phase: which files make up the project, and what directory its paths are relative to. */
import { posix } from 'node:path';
import type { Problems } from './problems.ts';
import type { LoadOptions } from './reader.ts';

export interface ProjectFiles {
  /** Absolute, in order; `-` is standard input. */
  readonly files: readonly string[];
  readonly workingDir: string;
}

const names = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrides = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** `variable` looks into the environment and the default `.env`: `COMPOSE_FILE` may stand there. */
export async function findFiles(
  options: LoadOptions,
  variable: (name: string) => string | undefined,
  problems: Problems,
): Promise<ProjectFiles | undefined> {
  const given = options.files.length > 0 ? options.files : fromVariable(variable);
  const files =
    given.length > 0
      ? given.map((file) => (file === '-' ? '-' : posix.resolve(options.cwd, file)))
      : await search(options, problems);
  if (files === undefined) return undefined;
  return { files, workingDir: namedDirectory({ ...options, files }) ?? options.cwd };
}

/** The project's directory as it is asked for, by an option or by the first file that is named. */
export function namedDirectory({
  cwd,
  projectDirectory,
  files,
}: Pick<LoadOptions, 'cwd' | 'projectDirectory' | 'files'>): string | undefined {
  if (projectDirectory !== undefined) return posix.resolve(cwd, projectDirectory);
  const first = files.find((file) => file !== '-');
  return first === undefined ? undefined : posix.dirname(posix.resolve(cwd, first));
}

function fromVariable(variable: (name: string) => string | undefined): readonly string[] {
  const value = variable('COMPOSE_FILE');
  if (value === undefined || value === '') return [];
  return value.split(variable('COMPOSE_PATH_SEPARATOR') || ':');
}

/** The current directory, then each parent. */
async function search(options: LoadOptions, problems: Problems): Promise<readonly string[] | undefined> {
  const start =
    options.projectDirectory === undefined
      ? options.cwd
      : posix.resolve(options.cwd, options.projectDirectory);
  for (let directory = start; ; directory = posix.dirname(directory)) {
    const found = await present(options, directory, names);
    if (found.length > 0) {
      if (found.length > 1) {
        warnOfSeveral('config', found, problems);
      }
      const over = await present(options, directory, overrides);
      if (over.length > 1) {
        warnOfSeveral('override', over, problems);
      }
      return [found[0]!, ...over.slice(0, 1)];
    }
    if (directory === posix.dirname(directory)) break;
  }
  problems.add({
    code: 'COMPOSE_NO_FILE',
    message: 'no configuration file provided: not found',
    hint: 'run in a directory with compose.yaml, or name the file with -f',
  });
  return undefined;
}

/** Two lines, as the reference has them. */
function warnOfSeveral(kind: 'config' | 'override', found: readonly string[], problems: Problems): void {
  const code = 'COMPOSE_SEVERAL_FILES';
  problems.warn({ code, message: `Found multiple ${kind} files with supported names: ${found.join(', ')}` });
  problems.warn({
    code,
    message: `Using ${found[0]}`,
    hint: 'name the files with -f, or take the others away',
  });
}

async function present(
  options: LoadOptions,
  directory: string,
  candidates: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  for (const name of candidates) {
    const path = posix.join(directory, name);
    if ((await options.reader.kind(path)) === 'file') found.push(path);
  }
  return found;
}

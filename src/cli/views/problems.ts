/** Mistakes, refusals and bugs as people see them. */
import { ComposeError, type Problem, type SourceRange, TscomposeError } from '../../errors.ts';
import type { Io, Output } from '../io.ts';
import { type Paint, painter } from './colour.ts';

type Ansi = 'auto' | 'never' | 'always';

/** Everything there is to say about an error, each problem with its line of the file. */
export async function renderError(error: unknown, io: Io, ansi: Ansi): Promise<string> {
  const paint = painter(io.stderr, ansi, io.environment);
  const found = (problems: readonly Problem[]): Promise<string> =>
    renderProblems(problems, { io, paint, output: io.stderr });
  if (error instanceof ComposeError) return found(error.problems);
  if (error instanceof TscomposeError) return found([asProblem(error)]);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\n${paint('red', 'tscompose:')} this is a bug: please report it with the lines above`;
}

export interface ProblemDrawing {
  readonly io: Pick<Io, 'reader' | 'cwd' | 'compose'>;
  readonly paint: Paint;
  /** Where it will be shown: long lines are cut to the width of a terminal. */
  readonly output: Output;
}

/** A problem that may say how grave it is; one that does shows its code as well. */
export interface ShownProblem extends Problem {
  readonly severity?: 'error' | 'warning';
}

export async function renderProblems(
  problems: readonly ShownProblem[],
  { io, paint, output }: ProblemDrawing,
): Promise<string> {
  const sources = new Map<string, readonly string[] | undefined>();
  const width = output.isTTY ? { width: output.columns } : {};
  const rendered: string[] = [];
  for (const problem of problems) {
    const { at, severity } = problem;
    if (at === undefined && severity === undefined) {
      rendered.push(withoutPlace(problem, paint));
      continue;
    }
    if (at !== undefined && !sources.has(at.file))
      sources.set(at.file, (await textOf(at.file, io))?.split('\n'));
    const { renderProblem } = await io.compose();
    const source = at === undefined ? undefined : sources.get(at.file);
    const graveness = severity === undefined ? {} : { severity };
    rendered.push(renderProblem(nearProblem(problem, io.cwd), source, { paint, ...width, ...graveness }));
  }
  return rendered.join('\n');
}

/** A file that could be read when it was loaded may have gone since. */
async function textOf(file: string, io: Pick<Io, 'reader'>): Promise<string | undefined> {
  try {
    return await io.reader.readText(file);
  } catch (error) {
    if (error instanceof TscomposeError) return undefined;
    throw error;
  }
}

/** With its places as they are seen from the current directory, as compilers have them. */
export function nearProblem<P extends Problem>(problem: P, cwd: string): P {
  return {
    ...nearPlace(problem, cwd),
    ...(problem.via === undefined ? {} : { via: problem.via.map((step) => nearPlace(step, cwd)) }),
  };
}

function nearPlace<P extends { readonly at?: SourceRange }>(placed: P, cwd: string): P {
  const { at } = placed;
  return at === undefined ? placed : { ...placed, at: { ...at, file: nearPath(at.file, cwd) } };
}

/** Relative to the current directory where it lies below it. */
export function nearPath(file: string, cwd: string): string {
  const start = cwd.endsWith('/') ? cwd : `${cwd}/`;
  return file.startsWith(start) ? file.slice(start.length) : file;
}

function withoutPlace({ message, hint }: Problem, paint: Paint): string {
  const way = hint === undefined ? '' : `\n${paint('cyan', 'hint:')} ${hint}`;
  return `${paint('red', 'tscompose:')} ${message}${way}`;
}

function asProblem(error: TscomposeError): Problem {
  return {
    code: error.code,
    message: error.message,
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** On a terminal a plain sentence; elsewhere the line of key=value pairs that log readers know from Docker Compose. */
export function warningLine(message: string, io: Io, ansi: Ansi): string {
  if (io.stderr.isTTY) return `${painter(io.stderr, ansi, io.environment)('yellow', 'warning:')} ${message}`;
  const time = new Date(io.now()).toISOString().replace(/\.\d+/, '');
  return `time="${time}" level=warning msg=${JSON.stringify(message)}`;
}

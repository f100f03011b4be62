/** Mistakes, refusals and bugs as people see them. */
import { ComposeError, type Problem, TscomposeError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { type Paint, painter } from './colour.ts';

type Ansi = 'auto' | 'never' | 'always';

/** Everything there is to say about an error, each problem with its line of the file. */
export async function renderError(error: unknown, io: Io, ansi: Ansi): Promise<string> {
  const paint = painter(io.stderr, ansi, io.environment);
  if (error instanceof ComposeError) return renderProblems(error.problems, io, paint);
  if (error instanceof TscomposeError) return renderProblems([asProblem(error)], io, paint);
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${stack}\n${paint('red', 'tscompose:')} this is a bug: please report it with the lines above`;
}

async function renderProblems(problems: readonly Problem[], io: Io, paint: Paint): Promise<string> {
  const sources = new Map<string, string | undefined>();
  const rendered: string[] = [];
  for (const problem of problems) {
    const { at } = problem;
    if (at === undefined) {
      rendered.push(withoutPlace(problem, paint));
      continue;
    }
    const { file } = at;
    if (!sources.has(file)) sources.set(file, await io.reader.readText(file));
    const { renderProblem } = await io.compose();
    const width = io.stderr.isTTY ? { width: io.stderr.columns } : {};
    const shown = { ...problem, at: { ...at, file: nearPath(file, io.cwd) } };
    rendered.push(renderProblem(shown, sources.get(file), { paint, ...width }));
  }
  return rendered.join('\n');
}

/** Relative to the current directory where it lies below it, as compilers have it. */
function nearPath(file: string, cwd: string): string {
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

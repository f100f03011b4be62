/** Problems for programs: one JSON document, or the lines that GitHub turns into annotations of a change. */
import type { Problem, SourceRange } from '../../errors.ts';

export type Severity = 'error' | 'warning';

export interface Judged extends Problem {
  readonly severity: Severity;
}

/** `{problems: [{severity, code, message, file, line, column, endLine, endColumn, hint, via}]}`; what is unknown is left out. */
export function problemsAsJson(problems: readonly Judged[]): string {
  const documents = problems.map(({ severity, code, message, at, hint, via }) => ({
    severity,
    code,
    message,
    ...at,
    ...(hint === undefined ? {} : { hint }),
    ...(via === undefined ? {} : { via: via.map((step) => ({ message: step.message, ...step.at })) }),
  }));
  return `${JSON.stringify({ problems: documents }, null, 2)}\n`;
}

/** @see GitHub Docs, Workflow commands for GitHub Actions, "Setting an error message" */
export function problemsForGitHub(problems: readonly Judged[]): string {
  return problems.map((problem) => `${annotation(problem)}\n`).join('');
}

function annotation({ severity, code, message, at, hint, via = [] }: Judged): string {
  const properties = { ...(at === undefined ? {} : placeOf(at)), title: code };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${asProperty(String(value))}`);
  const steps = via.map(
    (step) => `from: ${step.at === undefined ? '' : `${pointOf(step.at)}: `}${step.message}`,
  );
  const text = [message, ...(hint === undefined ? [] : [`hint: ${hint}`]), ...steps].join('\n');
  return `::${severity} ${written.join(',')}::${asData(text)}`;
}

/** Columns are told only within one line: GitHub knows no others. */
function placeOf({ file, line, column, endLine, endColumn }: SourceRange): Record<string, string | number> {
  return line === endLine ? { file, line, col: column, endLine, endColumn } : { file, line, endLine };
}

function pointOf({ file, line, column }: SourceRange): string {
  return `${file}:${line}:${column}`;
}

/** @see actions/toolkit, packages/core/src/command.ts */
function asData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function asProperty(text: string): string {
  return asData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

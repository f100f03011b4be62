/** A mistake as text: place, line of source, caret, hint. */
import type { Problem } from '../../errors.ts';

/** `file:line:column: message`, the line, a caret under the place, and what to do. `sourceText` is that file's. */
export function renderProblem(problem: Problem, sourceText?: string): string {
  const { at, message, hint } = problem;
  const lines: string[] = [];
  lines.push(at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`);
  const source = at === undefined ? undefined : sourceText?.split('\n')[at.line - 1]?.replace(/\r$/, '');
  if (at !== undefined && source !== undefined) {
    const number = String(at.line);
    const margin = ' '.repeat(number.length);
    const end = at.endLine === at.line ? at.endColumn : source.length + 1;
    const width = Math.max(1, Math.min(end, source.length + 1) - at.column);
    // Tabs stay tabs, so that the caret stands under its place.
    const indent = source.slice(0, at.column - 1).replace(/[^\t]/g, ' ');
    lines.push(`  ${number} | ${source}`, `  ${margin} | ${indent}${'^'.repeat(width)}`);
  }
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join('\n');
}

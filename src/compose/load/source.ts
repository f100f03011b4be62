/** Files as they were read, and stretches of them: every value keeps the place it was written at. */
import type { SourceRange } from '../../errors.ts';
import { lazy } from './rules.ts';
import type { Trace } from './trace.ts';

export interface Source {
  /** Absolute path, or `-` for standard input. */
  readonly file: string;
  readonly text: string;
  /** Offset of each line's first character. */
  readonly lineStarts: () => readonly number[];
}

/** Half-open stretch of a source, in UTF-16 code units. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  /** Of a value that was not only written there: how it came to be what it is. */
  readonly trace?: Trace | undefined;
}

/** Its lines are looked for when they are asked for: a file without mistakes needs none. */
export function makeSource(file: string, text: string): Source {
  return {
    file,
    text,
    lineStarts: lazy(() => lineStartsOf(text)),
  };
}

function lineStartsOf(text: string): readonly number[] {
  // A byte order mark is no column.
  const starts = [text.charCodeAt(0) === 0xfeff ? 1 : 0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

export function rangeOf(span: Span): SourceRange {
  const from = positionOf(span.source, span.start);
  const to = positionOf(span.source, Math.max(span.start, span.end));
  return {
    file: span.source.file,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

/** One line of the source, without its end. */
export function lineSpan(source: Source, line: number): Span {
  const start = source.lineStarts()[line - 1] ?? 0;
  const end = source.text.indexOf('\n', start);
  return { source, start, end: end === -1 ? source.text.length : end };
}

/** Another stretch of the same source. */
export function spanOf({ source }: Span, start: number, end: number, trace?: Trace): Span {
  return { source, start, end, trace };
}

/** The part of `span` that starts `offset` characters into it. */
export function within(span: Span, offset: number, length: number): Span {
  const start = Math.min(span.start + offset, span.end);
  return spanOf(span, start, Math.min(start + length, span.end), span.trace);
}

function positionOf(source: Source, offset: number): { line: number; column: number } {
  const starts = source.lineStarts();
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** Text behind `|` and `>`. */
import * as code from './code.ts';
import { type Text, Unusual } from './text.ts';

/** From the indicator on; leaves the text at the next content. Answers the text and where it ends. */
export function readBlockScalar(
  text: Text,
  parent: number,
): { readonly value: string; readonly end: number } {
  const isFolded = text.peek() === code.greater;
  text.at += 1;
  const isStripped = text.peek() === code.dash;
  if (isStripped) text.at += 1;
  if (parent < 0 || !text.isAtLineEnd()) throw new Unusual();
  const { lines, end } = readLines(text, parent);
  const value = isFolded ? foldLines(lines) : lines.join('\n');
  text.toContent(true);
  return { value: isStripped ? value : `${value}\n`, end };
}

/** The lines without their indentation and without the empty ones at the end. */
function readLines(text: Text, parent: number): { lines: string[]; end: number } {
  const lines: string[] = [];
  let indent = 0;
  let kept = 0;
  let end = text.at;
  let lineStart = afterLine(text.text, text.at);
  while (lineStart < text.text.length) {
    const next = afterLine(text.text, lineStart);
    const lineEnd = contentEnd(text.text, lineStart, next);
    let at = lineStart;
    while (at < lineEnd && text.text.charCodeAt(at) === code.space) at += 1;
    const isEmpty = at === lineEnd;
    const column = at - lineStart;
    if (!isEmpty && text.text.charCodeAt(at) === code.tab && (indent === 0 || column < indent))
      throw new Unusual();
    if (indent === 0 && isEmpty && column > 0) throw new Unusual();
    if (indent === 0 && !isEmpty) indent = column;
    if (!isEmpty && (column < indent || column <= parent)) break;
    lines.push(text.text.slice(lineStart + Math.min(column, indent), lineEnd));
    // A line of nothing but spaces, more of them than the indentation, has content.
    if (!isEmpty || column > indent) {
      kept = lines.length;
      end = lineEnd;
    }
    lineStart = next;
  }
  if (kept === 0) throw new Unusual();
  text.at = lineStart;
  return { lines: lines.slice(0, kept), end };
}

function afterLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

function contentEnd(text: string, start: number, next: number): number {
  let end = next;
  if (end > start && text.charCodeAt(end - 1) === code.newline) end -= 1;
  if (end > start && text.charCodeAt(end - 1) === code.carriageReturn) end -= 1;
  return end;
}

/** Lines become one, empty lines become line breaks, and what is indented more stays as it is. */
function foldLines(lines: readonly string[]): string {
  let value = '';
  let separator = '';
  let wasIndented = false;
  for (const line of lines) {
    if (/^[ \t]/.test(line)) {
      if (separator === ' ') separator = '\n';
      else if (!wasIndented && separator === '\n') separator = '\n\n';
      value += separator + line;
      separator = '\n';
      wasIndented = true;
    } else if (line === '') {
      if (separator === '\n') value += '\n';
      else separator = '\n';
    } else {
      value += separator + line;
      separator = ' ';
      wasIndented = false;
    }
  }
  return value;
}

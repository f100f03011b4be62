/** A problem as text: place, line of source, caret, hint, and how the value came to be there. */
import type { Problem, SourceRange, Via } from '../../errors.ts';
import { withoutSecrets } from '../model/secret-names.ts';

export interface RenderOptions {
  /** Colours a part of the text. Absent: none. */
  readonly paint?: (style: 'bold' | 'dim' | 'red' | 'yellow' | 'cyan', text: string) => string;
  /** Columns of the terminal: what does not fit of a line of source is left out. */
  readonly width?: number;
  /** Says so before the message, and ends it with the code: for lists of both. */
  readonly severity?: 'error' | 'warning';
}

/** Files that a machine wrote have no lines to speak of. */
const defaultWidth = 200;

type Drawing = Required<Omit<RenderOptions, 'severity'>>;

const colours = { error: 'red', warning: 'yellow' } as const;

/**
 * `file:line:column: message`, the line, a caret under the place, what to do, and the places that the value came by.
 * `source` is that file's text, or its lines. What the line says of a secret is not shown.
 */
export function renderProblem(
  problem: Problem,
  source?: string | readonly string[],
  options: RenderOptions = {},
): string {
  const { at, code, message, hint, via = [] } = problem;
  const { paint = (_style, text) => text, width = defaultWidth, severity } = options;
  const place = at === undefined ? '' : `${paint('bold', `${at.file}:${at.line}:${at.column}:`)} `;
  const [label, name] =
    severity === undefined
      ? ['', '']
      : [`${paint(colours[severity], `${severity}:`)} `, ` ${paint('dim', `[${code}]`)}`];
  return [
    `${place}${label}${printable(message)}${name}`,
    ...linesOf(at, typeof source === 'string' ? source.split('\n') : source, { paint, width }),
    ...(hint === undefined ? [] : [`  ${paint('cyan', 'hint:')} ${printable(hint)}`]),
    ...via.map((step) => `  ${paint('cyan', 'from:')} ${stepText(step)}`),
  ].join('\n');
}

function stepText({ message, at }: Via): string {
  return `${at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `}${printable(message)}`;
}

/** The line that is blamed, and the carets below it. */
function linesOf(
  at: SourceRange | undefined,
  source: readonly string[] | undefined,
  { paint, width }: Drawing,
): string[] {
  const line = at === undefined ? undefined : source?.[at.line - 1]?.replace(/\r$/, '');
  if (at === undefined || line === undefined) return [];
  const number = String(at.line);
  const margin = ' '.repeat(number.length);
  const start = at.column - 1;
  const last = at.endLine === at.line ? at.endColumn - 1 : line.length;
  const end = Math.max(start + 1, Math.min(last, line.length));
  const shown = excerpt(withoutSecrets(line), { start, end }, Math.max(40, width - number.length - 5));
  return [
    `  ${paint('dim', `${number} |`)} ${shown.text}`,
    `  ${paint('dim', `${margin} |`)} ${shown.indent}${paint('red', '^'.repeat(shown.carets))}`,
  ];
}

interface Excerpt {
  readonly text: string;
  /** Blanks, and the tabs of the source, so that the caret stands under its place. */
  readonly indent: string;
  readonly carets: number;
}

const ellipsis = '…';

/** The part of a line around a stretch of it, in columns of a terminal. */
function excerpt(line: string, whole: Stretch, width: number): Excerpt {
  // A line may have millions of characters, of which no more than these can be shown.
  const from0 = Math.max(0, whole.start - 8 * width);
  const source = line.slice(from0, whole.start + 8 * width);
  const start = whole.start - from0;
  const end = whole.end - from0;
  const cells = cellsOf(printable(source));
  const found = cells.findIndex(({ offset, text }) => offset + text.length > start);
  const from = found < 0 ? cells.length : found;
  const { left, right } = windowAround(cells, from, width);
  const before = cells.slice(left, from);
  const marked = cells.slice(from, right).filter(({ offset }) => offset < end);
  const [cutBefore, cutBehind] = [left > 0 ? ellipsis : '', right < cells.length ? ellipsis : ''];
  return {
    text: `${cutBefore}${textOf(cells.slice(left, right))}${cutBehind}`,
    indent: `${' '.repeat(cutBefore.length)}${textOf(before.map(blank))}`,
    carets: Math.max(1, columnsOf(marked)),
  };
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a terminal shows as one character. */
interface Cell {
  readonly text: string;
  /** In the line, in UTF-16 code units. */
  readonly offset: number;
  readonly columns: number;
}

function cellsOf(line: string): Cell[] {
  return Array.from(line.matchAll(/\P{M}\p{M}*|\p{M}+/gu), ({ 0: text, index }) => ({
    text,
    offset: index,
    columns: wide.test(text) ? 2 : 1,
  }));
}

/** All of the line where it fits, else a third of the room for what comes before the place. */
function windowAround(cells: readonly Cell[], from: number, width: number): { left: number; right: number } {
  if (columnsOf(cells) <= width) return { left: 0, right: cells.length };
  const room = width - 2 * ellipsis.length;
  let left = from;
  while (left > 0 && columnsOf(cells.slice(left - 1, from)) <= room / 3) left -= 1;
  let right = from;
  while (right < cells.length && columnsOf(cells.slice(left, right + 1)) <= room) right += 1;
  return { left, right };
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join('');
}

function columnsOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { columns }) => sum + columns, 0);
}

function blank(cell: Cell): Cell {
  return cell.text === '\t' ? cell : { ...cell, text: ' '.repeat(cell.columns) };
}

/** East Asian wide and fullwidth characters, and emoji. @see Unicode Standard Annex 11 */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Files may come from anywhere: what would steer a terminal is shown as a mark. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

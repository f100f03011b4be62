/** Explanations as text: what is said on the left, where it is said on the right. */
import type { SourceRange } from '../../errors.ts';
import type { Json } from '../model/project.ts';
import type { Explanation, Setter, VariableOrigin } from './explanation.ts';

export interface PrintOptions {
  /** Colours a part of the text. Absent: none. */
  readonly paint?: (style: 'bold' | 'dim', text: string) => string;
  /** A file's name as people are to read it. Absent: as it is. */
  readonly nameFile?: (file: string) => string;
  /** Columns of the terminal; values that do not fit are cut. Absent: nothing is. */
  readonly width?: number;
  /** The first line of a value, of which `text` is how it reads. Absent: `path: text`. */
  readonly head?: (path: string, text: string, value: Json | undefined) => string;
}

/** Places stand in one column, which is no farther right than this. */
const widestLeft = 46;
/** Narrower terminals are not believed. */
const leastWidth = 40;

/**
 * A line for each value and one for each step of its way, ending with a line break:
 *
 *     services.web.image: nginx:1.27    compose.override.yaml:3:12
 *       written nginx:${TAG}
 *       TAG=1.27                        .env:1:1
 *       instead of nginx:1.25           compose.yaml:4:12
 */
export function printExplanations(explanations: readonly Explanation[], options: PrintOptions = {}): string {
  const name = options.nameFile ?? ((file) => file);
  const rows = explanations.flatMap((each) =>
    rowsOf(each, name, options.head ?? ((path, text) => `${path}: ${text}`)),
  );
  const column = Math.min(widestLeft, Math.max(0, ...rows.map(({ left }) => left.length))) + 2;
  return rows.map((row) => lineOf(row, column, options)).join('');
}

interface Row {
  readonly left: string;
  readonly right: string;
  /** The value itself, and not a step of its way. */
  readonly isHead?: true;
}

/** A place that does not fit beside what is said goes on a line of its own, in the same column. */
function lineOf({ left, right, isHead }: Row, column: number, options: PrintOptions): string {
  const { paint = (_style, text) => text } = options;
  const width = Math.max(leastWidth, options.width ?? Number.POSITIVE_INFINITY);
  const cut = left.length > width ? `${left.slice(0, width - 1)}…` : left;
  const shown = isHead ? paint('bold', cut) : cut;
  if (right === '') return `${shown}\n`;
  const place = paint('dim', right);
  if (left.length + 2 > column) return `${shown}\n${' '.repeat(column)}${place}\n`;
  return `${shown}${' '.repeat(column - left.length)}${place}\n`;
}

type NameFile = (file: string) => string;

function rowsOf(
  explanation: Explanation,
  name: NameFile,
  headOf: NonNullable<PrintOptions['head']>,
): readonly Row[] {
  const { path, at, reset, implied, written, variables = [], through = [], over = [] } = explanation;
  const right = at === undefined ? (implied ?? '') : placeText(at, name);
  const head = reset === undefined ? valueText(explanation) : 'not set';
  const step = (left: string, place?: SourceRange | string): Row => ({
    left: `  ${left}`,
    right: typeof place === 'object' ? placeText(place, name) : (place ?? ''),
  });
  return [
    { left: headOf(path, head, explanation.value), right, isHead: true },
    ...(reset === undefined ? [] : [step('!reset', reset)]),
    ...(written === undefined ? [] : [step(`written ${oneLine(written)}`)]),
    ...variables.flatMap((variable) =>
      variableRows(variable).map(([left, setter]) => step(left, whoIs(setter))),
    ),
    ...through.map(({ how, at: where }) => step(`through ${words[how] ?? how}`, where)),
    ...over.map((shadowed) => step(`instead of ${valueText(shadowed)}`, shadowed.at ?? 'default of Compose')),
  ];
}

const words: Readonly<Record<string, string | undefined>> = { 'merge key': '<<', alias: 'an alias' };

type VariableRow = readonly [left: string, who: Setter | undefined];

function variableRows({ name, set, instead, over = [] }: VariableOrigin): readonly VariableRow[] {
  const taken = instead === undefined ? '' : `, ${instead.kind} ${oneLine(instead.text)}`;
  const own: VariableRow =
    set === undefined ? [`${name} is not set${taken}`, undefined] : [`${assignment(name, set)}${taken}`, set];
  return [own, ...over.map((weaker): VariableRow => [`instead of ${assignment(name, weaker)}`, weaker])];
}

function assignment(name: string, { value }: Setter): string {
  return `${name}=${value === undefined ? secret : oneLine(value)}`;
}

const secret = '(secret)';

function whoIs(setter: Setter | undefined): SourceRange | string | undefined {
  if (setter === undefined || setter.at !== undefined) return setter?.at;
  return setter.from === 'shell' ? 'shell' : "project's name";
}

function placeText({ file, line, column }: SourceRange, name: NameFile): string {
  return `${name(file)}:${line}:${column}`;
}

function valueText({ value }: { readonly value?: Json }): string {
  return value === undefined ? secret : flow(value, typeof value === 'string');
}

/** YAML on one line. Text on its own needs quotes only where it would not be seen as what it is. */
function flow(value: Json, alone: boolean): string {
  if (typeof value === 'string') return alone ? oneLine(value) : quoted(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => flow(item, false)).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${flow(item, false)}`)
    .join(', ')}}`;
}

function quoted(text: string): string {
  return /^([A-Za-z/._][\w/.:@-]*|\d+(\.\d+){2,})$/.test(text) &&
    !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const isPlain = text !== '' && text === text.trim() && !/[\u0000-\u001f\u007f-\u009f]/.test(text);
  return isPlain ? text : JSON.stringify(text);
}

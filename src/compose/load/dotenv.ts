/**
 * Env files in Compose's dialect: `K=V`, `export K=V`, `K: V`, `K` alone, quotes, comments, variables.
 * Pure; later lines see what earlier ones set.
 */
import { lazy } from './rules.ts';
import { type Lookup, substitute, type VariableProblem } from './variables.ts';

export interface EnvFile {
  readonly values: ReadonlyMap<string, string>;
  /** What was read, in the order written: names may repeat. */
  readonly lines: readonly EnvLine[];
  readonly unset: readonly UnsetInFile[];
  readonly problem?: EnvProblem;
}

export interface EnvLine {
  readonly name: string;
  readonly value: string;
  /** Where the name begins and the value ends in `plainText` of the file. */
  readonly start: number;
  readonly end: number;
  /** As written, when variables may have been replaced in it; for a name alone, `${NAME}`. */
  readonly template?: string;
}

/** A variable without value, and the line that asks for it. */
export interface UnsetInFile {
  readonly name: string;
  readonly line: number;
}

export interface EnvProblem {
  readonly line: number;
  readonly message: string;
}

/** `lookup` is asked first, then the file's own earlier lines, then `fallback`. */
export function parseEnvFile(text: string, lookup: Lookup, fallback: Lookup = () => undefined): EnvFile {
  const source = plainText(text);
  const values = new Map<string, string>();
  const lines: EnvLine[] = [];
  const unset: UnsetInFile[] = [];
  const set = (line: EnvLine): void => {
    values.set(line.name, line.value);
    lines.push(line);
  };
  const find: Lookup = (name) => lookup(name) ?? values.get(name) ?? fallback(name);
  let at = 0;
  try {
    for (;;) {
      at = skipBlankAndComments(source, at);
      if (at >= source.length) return { values, lines, unset };
      const { name, start, ...key } = readKey(source, at);
      at = key.end;
      if (key.inherited) {
        const value = lookup(name);
        if (value !== undefined) set({ name, value, start, end: at, template: `\${${name}}` });
        continue;
      }
      const { text: template, literal, end } = readValue(source, at);
      at = end;
      if (literal || !template.includes('$')) set({ name, value: template, start, end });
      else set({ name, value: expand(template, find, unset, source, at), start, end, template });
    }
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    return { values, lines, unset, problem: { line: lineAt(source, error.at), message: error.message } };
  }
}

/** `format: raw`: exactly what follows the first `=`; no quotes, comments or variables. */
export function parseRawEnvFile(text: string, lookup: Lookup): EnvFile {
  const lines: EnvLine[] = [];
  const result = (): EnvFile => ({
    values: new Map(lines.map(({ name, value }) => [name, value])),
    lines,
    unset: [],
  });
  let next = 0;
  for (const [index, line] of plainText(text).split('\n').entries()) {
    const end = next + line.length;
    next = end + 1;
    const trimmed = line.trimStart();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [name = '', ...rest] = trimmed.split('=');
    const message = rawNameProblem(name);
    if (message !== undefined) return { ...result(), problem: { line: index + 1, message } };
    const start = end - trimmed.length;
    const value = lookup(name);
    if (rest.length > 0) lines.push({ name, value: rest.join('='), start, end });
    else if (value !== undefined) lines.push({ name, value, start, end, template: `\${${name}}` });
  }
  return result();
}

function rawNameProblem(name: string): string | undefined {
  if (name === '') return 'a variable name is missing before "="';
  return /\s/.test(name) ? `the variable name "${name}" holds a blank` : undefined;
}

/** The text that places in an env file count in. */
export function plainText(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}

class BadLine extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function skipBlankAndComments(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
    if (text[at] !== '#') return at;
    at = endOfLine(text, at);
  }
}

interface Key {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** No value is written. */
  readonly inherited: boolean;
}

function readKey(text: string, from: number): Key {
  exportPattern.lastIndex = from;
  const start = from + (exportPattern.exec(text)?.[0].length ?? 0);
  let at = start;
  while (at < text.length && !'=:\n'.includes(text[at]!)) {
    if (!keyCharacter().test(text[at]!)) {
      // Only what stands left of the value: values may be secrets.
      const name = text.slice(start, endOfLine(text, start)).split(/[=:]/, 1)[0];
      throw new BadLine(`unexpected character "${text[at]}" in variable name "${name}"`, at);
    }
    at += 1;
  }
  const inherited = at >= text.length || text[at] === '\n';
  const name = text.slice(start, at).trimEnd();
  if (/[ \t]/.test(name)) throw new BadLine('key cannot contain a space', start);
  if (name === '') throw new BadLine('a variable name is missing before "="', start);
  const after = at + 1;
  return { name, start, end: inherited ? at : skipSpaces(text, after), inherited };
}

const exportPattern = /export[ \t]+/y;
/** At first use: V8 takes half a millisecond to look up what letters there are. */
const keyCharacter = lazy(() => /[\p{L}\p{N}_.\-[\] \t]/u);

function readValue(text: string, from: number): { text: string; end: number; literal: boolean } {
  const quote = text[from];
  if (quote !== '"' && quote !== "'") {
    const end = endOfLine(text, from);
    const line = text.slice(from, end);
    const comment = line.startsWith('#') ? 0 : line.indexOf(' #');
    return { text: (comment === -1 ? line : line.slice(0, comment)).trimEnd(), end, literal: false };
  }
  const close = closingQuote(text, from, quote);
  const inner = text.slice(from + 1, close).replaceAll(`\\${quote}`, quote);
  if (quote === "'") return { text: inner, end: close + 1, literal: true };
  return { text: expandEscapes(inner), end: close + 1, literal: false };
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at;
  }
  throw new BadLine(`unterminated quoted value: no closing ${quote}`, from);
}

/** `\$` becomes `$$`, which the variables then read as a literal dollar. */
function expandEscapes(text: string): string {
  return text.replace(/\\([abcfnrtv$\\]|0[0-7]{1,3})/g, (whole, code: string) => {
    if (code.startsWith('0')) return String.fromCharCode(Number.parseInt(code.slice(1), 8));
    return escapes[code] ?? whole;
  });
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  $: '$$',
  '\\': '\\',
};

function expand(text: string, find: Lookup, unset: UnsetInFile[], source: string, at: number): string {
  const result = substitute(text, find);
  const last = Math.min(at, source.length) - 1;
  for (const { name } of result.unset) unset.push({ name, line: lineAt(source, last) });
  if (result.problem !== undefined) throw new BadLine(describe(result.problem), last);
  return result.text;
}

function describe(problem: VariableProblem): string {
  if (problem.kind === 'malformed') return problem.reason ?? `Invalid template: "${problem.text}"`;
  return `required variable ${problem.name} is missing a value${problem.message === '' ? '' : `: ${problem.message}`}`;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[^\S\n]/.test(text[at]!)) at += 1;
  return at;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

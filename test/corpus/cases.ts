/** The corpus, unpacked for as long as a test file runs: cases with their checks, and how to judge an answer. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Unpacks the archive with Debian's `tar` and `xz-utils`. Whoever unpacks it removes it. */
export function unpackCorpus(): { readonly directory: string; remove(): void } {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'corpus-')));
  execFileSync('tar', ['-xJf', join(import.meta.dirname, 'cases.tar.xz'), '-C', directory]);
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** One run of a case, and what has to come of it. */
export interface Check {
  /** The case's name, with its variant behind it: `probe-output-modes [images]`. */
  readonly name: string;
  readonly kind: string;
  /** The case's directory, which `{{DIR}}` stands for. */
  readonly directory: string;
  readonly cwd: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly accepted: boolean;
  /** The text of the golden. */
  readonly expected: string;
  readonly isJson: boolean;
}

interface Index {
  readonly cases: readonly { readonly id: string; readonly kind: string }[];
}

interface Command {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly exit: number;
  readonly variants: readonly Variant[];
}

interface Variant {
  readonly name: string;
  readonly pre?: readonly string[];
  readonly post?: readonly string[];
  readonly exit: number;
  readonly expected: string;
}

export function checksIn(corpus: string): Check[] {
  const index = JSON.parse(readFileSync(join(corpus, 'index.json'), 'utf8')) as Index;
  return index.cases.flatMap(({ id, kind }) => checksOf(join(corpus, id), id, kind));
}

function checksOf(directory: string, id: string, kind: string): Check[] {
  const read = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const command = JSON.parse(read('cmd.json')) as Command;
  const cwd = join(directory, command.cwd);
  // An empty directory is in no archive.
  mkdirSync(cwd, { recursive: true });
  const main: Variant = { name: '', exit: command.exit, expected: goldenOf(command.exit) };
  return [main, ...command.variants].map(({ name, pre = [], post = command.command, exit, expected }) => ({
    name: name === '' ? id : `${id} [${name}]`,
    kind,
    directory,
    cwd,
    words: [...command.args, ...pre, ...post],
    environment: Object.fromEntries(
      Object.entries(command.env).map(([key, value]) => [key, value.replaceAll('{{DIR}}', directory)]),
    ),
    accepted: exit === 0,
    expected: read(expected),
    isJson: expected.endsWith('.json'),
  }));
}

function goldenOf(exit: number): string {
  return exit === 0 ? 'expected.json' : 'expected-error.txt';
}

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What an answer differs in, in one line; `undefined` when it is as it has to be. */
export function differenceIn(check: Check, { code, out, err }: Answer): string | undefined {
  // A refusal is words for a person; a stack is a mistake of ours.
  if (/^ +at .*[)\d]$/m.test(err)) return `failed inside: ${err}`;
  if (!check.accepted) {
    return code === 0 ? `accepted, but must be refused: ${lastLine(check.expected)}` : undefined;
  }
  if (code !== 0) return `refused: ${err}`;
  const printed = out.replaceAll(check.directory, '{{DIR}}');
  return check.isJson
    ? firstDifference(JSON.parse(check.expected), JSON.parse(printed), '$')
    : firstDifference(linesOf(check.expected), linesOf(printed), 'lines');
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

/** In any order: lists of names follow Go's maps. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .sort();
}

/** The first JSON path, in order of the keys, at which two values are not the same. */
function firstDifference(expected: unknown, found: unknown, path: string): string | undefined {
  if (!isTree(expected) || !isTree(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return expected === found ? undefined : `${path}: expected ${shown(expected)}, got ${shown(found)}`;
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const key of [...keys].sort(Array.isArray(expected) ? byNumber : byText)) {
    const difference = firstDifference(expected[key], found[key], `${path}.${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

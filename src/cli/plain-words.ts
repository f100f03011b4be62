/**
 * Command lines as nearly all are: options that stand by themselves, each with its value behind it, a command, and its
 * arguments. The parser that knows the rest takes longer to load than many a command takes.
 * Never: reports a mistake, or reads anything otherwise than that parser would: what is unusual is left to it.
 */
import type { Entry } from './entry.ts';
import type { Invocation } from './invocation.ts';
import { globalOptions } from './settings.ts';
import { type CommandSpec, isSpelling, type OptionSpec, type OptionTable } from './spec.ts';

/** `undefined`: the words are unusual, or a mistake. */
export async function parsePlain(
  words: readonly string[],
  registry: readonly Entry[],
): Promise<Invocation | undefined> {
  if (words.includes('--')) return undefined;
  const before = read(words, globalOptions, true);
  const found = before && commandAt(before.args, registry);
  if (before === undefined || found?.load === undefined) return undefined;
  const spec = await found.load();
  const own = read(found.words, spec.options, spec.passThrough === true);
  if (own === undefined || !areFitting(own.args, spec)) return undefined;
  return { spec, globals: before.values, options: own.values, args: own.args };
}

interface Found {
  readonly load: Entry['load'];
  /** Behind the command. */
  readonly words: readonly string[];
}

/** A noun is followed by its verb. */
function commandAt(words: readonly string[], entries: readonly Omit<Entry, 'group'>[]): Found | undefined {
  const [word = '', ...rest] = words;
  const entry = entries.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (entry?.children !== undefined) return commandAt(rest, entry.children);
  return entry && { load: entry.load, words: rest };
}

interface Read {
  readonly values: Record<string, unknown>;
  readonly args: readonly string[];
}

/** @param endsAtArgument what follows the first word that is no option belongs to somebody else */
function read(words: readonly string[], table: OptionTable, endsAtArgument: boolean): Read | undefined {
  const values: Record<string, unknown> = {};
  for (const key of Object.keys(table)) values[key] = table[key]!.initial;
  const args: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith('-')) {
      if (endsAtArgument) return { values, args: words.slice(at) };
      args.push(word);
      continue;
    }
    const key = Object.keys(table).find((name) => isOption(word, table[name]!));
    if (key === undefined) return undefined;
    const spec = table[key]!;
    if (spec.kind === 'flag') {
      values[key] = true;
      continue;
    }
    at += 1;
    const value = valueIn(words[at], spec);
    if (value === undefined) return undefined;
    values[key] = spec.kind === 'list' ? [...(values[key] as unknown[]), value] : value;
  }
  return { values, args };
}

function isOption(word: string, { flags, aliases = [] }: OptionSpec<unknown>): boolean {
  return [flags, ...aliases].some((spelling) => isSpelling(word, spelling));
}

/** `undefined` where none is given, or may be none, or it does not fit. */
function valueIn(text: string | undefined, spec: OptionSpec<unknown>): unknown {
  if (text === undefined || spec.preset !== undefined || /^-./.test(text)) return undefined;
  if (spec.choices !== undefined) return spec.choices.includes(text) ? text : undefined;
  try {
    return spec.parse(text);
  } catch {
    return undefined;
  }
}

function areFitting(args: readonly string[], spec: CommandSpec): boolean {
  const names = spec.args?.split(' ') ?? [];
  const required = names.filter((name) => name.startsWith('<')).length;
  const isOpen = names.at(-1)?.includes('...') === true;
  return args.length >= required && (isOpen || args.length <= names.length);
}

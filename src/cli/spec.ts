/**
 * A command as data: what it is called, which options it takes, what it does.
 * The option table's types follow from its entries, so `run` gets them without a declaration of its own.
 */
import type { Cli } from './cli.ts';

export interface OptionSpec<V> {
  /** As commander writes them: `-t, --timeout <seconds>`. */
  readonly flags: string;
  readonly help: string;
  readonly kind: 'flag' | 'value' | 'list';
  readonly initial: V;
  /** From the text on the command line to the value. @throws Error whose message says what is wrong */
  readonly parse: (text: string) => unknown;
  readonly choices?: readonly string[];
  readonly hidden?: boolean;
  /** What a value that may be left out is then: `--explain [path]`. */
  readonly preset?: string;
  /** Other spellings, accepted and not shown. */
  readonly aliases?: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: the table holds options of any value type
export type OptionTable = Readonly<Record<string, OptionSpec<any>>>;

export type Values<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends OptionSpec<infer V> ? V : never;
};

/** What a command is given: the world and the settings, its options, its arguments. Answers its exit code. */
export type Run<O> = (cli: Cli, options: O, args: readonly string[]) => Promise<number | undefined>;

export interface CommandSpec {
  readonly summary: string;
  /** Longer text below the usage line of `--help`. */
  readonly description?: string;
  /** As commander writes them: `[service...]`, `<service> [command...]`. */
  readonly args?: string;
  readonly options: OptionTable;
  /** Options end at the first argument: what follows belongs to the program that is run. */
  readonly passThrough?: boolean;
  /** Command lines that the end of `--help` shows. */
  readonly examples?: readonly string[];
  readonly run: Run<Record<string, unknown>>;
}

/** A command whose `run` sees its own options typed. */
export function defineCommand<const T extends OptionTable>(
  spec: Omit<CommandSpec, 'options' | 'run'> & { readonly options: T; readonly run: Run<Values<T>> },
): CommandSpec {
  return spec as unknown as CommandSpec;
}

/** Whether the word is one of the spellings in an option's flags. */
export function isSpelling(word: string, flags: string): boolean {
  return flags.split(/[ ,]+/).includes(word);
}

type Extra = { readonly hidden?: boolean; readonly aliases?: readonly string[] };

const asIs = (text: string): string => text;

/** `--quiet`. A flag that is on by default is turned off with `--flag=false` or `--no-flag`. */
export function flag(
  flags: string,
  help: string,
  extra: Extra & { readonly initial?: boolean } = {},
): OptionSpec<boolean> {
  return { flags, help, kind: 'flag', parse: asIs, initial: extra.initial ?? false, ...extra };
}

export function text(flags: string, help: string, extra: Extra = {}): OptionSpec<string | undefined> {
  return { flags, help, kind: 'value', parse: asIs, initial: undefined, ...extra };
}

/** `--explain [path]`: may be given without a value, which is then the empty text. */
export function optionalText(flags: string, help: string): OptionSpec<string | undefined> {
  return { ...text(flags, help), preset: '' };
}

export function oneOf<const C extends readonly string[]>(
  flags: string,
  help: string,
  choices: C,
): OptionSpec<C[number] | undefined> {
  return { flags, help, kind: 'value', parse: asIs, initial: undefined, choices };
}

/** May be given several times. */
export function list(flags: string, help: string, extra: Extra = {}): OptionSpec<readonly string[]> {
  return { flags, help, kind: 'list', parse: asIs, initial: [], ...extra };
}

/** A value with its own parser. */
export function parsed<V>(
  flags: string,
  help: string,
  parse: (text: string) => V,
  extra: Extra = {},
): OptionSpec<V | undefined> {
  return { flags, help, kind: 'value', parse, initial: undefined, ...extra };
}

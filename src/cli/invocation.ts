/** What the words of a command line mean. */
import type { Entry } from './entry.ts';
import type { CommandSpec } from './spec.ts';

/** The command to run with what it was given. */
export interface Invocation {
  readonly spec: CommandSpec;
  readonly globals: Record<string, unknown>;
  readonly options: Record<string, unknown>;
  readonly args: readonly string[];
}

/** A mistake in the words, as commander tells of it. */
export interface Mistake {
  /** `commander.…` */
  readonly code: string;
  readonly message: string;
}

/** Help that was asked for has been shown; else there is a command to run, or a mistake. */
export type Parsed = { readonly invocation?: Invocation } | { readonly mistake: Mistake };

export interface ParseOptions {
  /** The commands there are. */
  readonly registry: readonly Entry[];
  /** Where help is shown. */
  readonly write: (text: string) => void;
  readonly columns: () => number;
}

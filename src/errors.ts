/**
 * The vocabulary of errors: what a person did wrong, or what the host refused.
 * Goes in: nothing. Comes out: typed errors every other folder throws and the CLI shows.
 * It imports nothing, and it is the one file every folder may import.
 * A plain `Error` means a bug of ours and is shown with its stack.
 */

/** A stretch of a source file. Lines and columns count from 1; the end is exclusive. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** One mistake, or one warning: what is wrong, where, and the way out. */
export interface Problem {
  /** Stable upper-case identifier, such as `COMPOSE_UNKNOWN_KEY`. */
  readonly code: string;
  /** What is wrong, naming the value. One sentence, no trailing full stop. */
  readonly message: string;
  /** The narrowest place to blame: the misspelt key, not the map around it. */
  readonly at?: SourceRange;
  /** What to write or do instead. */
  readonly hint?: string;
  /** How the value came to be there, nearest first. */
  readonly via?: readonly Via[];
}

/** One step of a value's way: a variable's line, the `include` or `extends` that led there, what it was merged over. */
export interface Via {
  readonly message: string;
  readonly at?: SourceRange;
}

/** A mistake or refusal that a person can act on. `exitCode` is what the process ends with. */
export class TscomposeError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly at: SourceRange | undefined;
  readonly exitCode: number;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; at?: SourceRange; cause?: unknown; exitCode?: number } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'TscomposeError';
    this.code = code;
    this.hint = options.hint;
    this.at = options.at;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** Every mistake found in the project's files, in file order. */
export class ComposeError extends TscomposeError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const sorted = inFileOrder(problems);
    super('COMPOSE_INVALID', sorted.map((problem) => problem.message).join('\n'));
    this.name = 'ComposeError';
    this.problems = sorted;
  }
}

/** Files in the order in which they are first blamed; what has no place comes first. */
export function inFileOrder<P extends Pick<Problem, 'at'>>(problems: readonly P[]): readonly P[] {
  const files = [...new Set(problems.map(({ at }) => at?.file))];
  const rank = ({ at }: P): number => (at === undefined ? -1 : files.indexOf(at.file));
  return [...problems].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.at?.line ?? 0) - (other.at?.line ?? 0) ||
      (one.at?.column ?? 0) - (other.at?.column ?? 0),
  );
}

/** A host command, system call or file operation that the machine refused. */
export class HostError extends TscomposeError {
  override readonly name = 'HostError';
}

/** Ends a `switch` over a closed union: a new kind becomes a compile error here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}

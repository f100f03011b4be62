/**
 * How a value came to be where it is found, beyond being written at its place. It hangs on the place, which every
 * phase hands on: so the phases need not know of it, and a value that was simply written costs nothing.
 */
import { type Node, placed } from './node.ts';
import { type Span, spanOf } from './source.ts';

export interface Trace {
  /** Its variables were replaced. */
  readonly template?: Template;
  /** What led to the place from another one, nearest first. */
  readonly through?: readonly Through[];
  /** The value that an earlier file, service or list item gave, and this one took the place of. */
  readonly over?: Node;
  /** Nobody wrote it: why it is there. The place is that of what implies it. */
  readonly implied?: string;
  /** Keys that `!reset` took away here. */
  readonly removed?: readonly Removed[];
}

export interface Template {
  /** `${NAME}` also where only the name was written: `environment: [NAME]`. */
  readonly text: string;
  readonly origin: FindOrigin;
}

export type FindOrigin = (variable: string) => Assignment | undefined;

/** A value that a variable was given, and by whom. */
export interface Assignment {
  readonly value: string;
  /** The line of an env file, or in a word who else. */
  readonly from: Span | 'shell' | 'project';
  /** What was said of the same variable with less weight. */
  readonly over?: Assignment | undefined;
}

export interface Through {
  readonly how: 'alias' | 'merge key' | 'env_file' | 'label_file';
  readonly at: Span;
}

export interface Removed {
  readonly key: string;
  readonly at: Span;
  readonly was: Node;
}

export function traced<T extends Node>(node: T, trace: Trace): T {
  return placed(node, tracedSpan(node, trace));
}

export function tracedSpan(span: Span, trace: Trace): Span {
  return spanOf(span, span.start, span.end, { ...span.trace, ...trace });
}

/** Nobody reads more of them. */
const mostRemembered = 50;

/** The winner, which remembers what it won over. What it had won over before stays nearer. */
export function takingPlace<T extends Node>(winner: T, loser: Node, remembered = 0): T {
  if (isSamePlace(winner, loser) || remembered === mostRemembered) return winner;
  const before = winner.trace?.over;
  return traced(winner, {
    over: before === undefined ? loser : takingPlace(before, loser, remembered + 1),
  });
}

/** Written once and come there twice, as when a file is laid over itself. */
function isSamePlace(a: Span, b: Span): boolean {
  return a.source === b.source && a.start === b.start && a.end === b.end && a.trace === b.trace;
}

/** One more step on the way here, farther than those that are known. */
export function through<T extends Node>(node: T, step: Through): T {
  return traced(node, { through: [...(node.trace?.through ?? []), step] });
}

/** The place of something that nobody wrote. */
export function implied(at: Span, why: string): Span {
  return tracedSpan(at, { implied: why });
}

/** Collects mistakes and warnings, so that all of them can be shown at once and in file order. */
import type { Problem, Via } from '../../errors.ts';
import { rangeOf, type Span } from './source.ts';
import { type Routes, type Step, viaOf } from './via.ts';

/** A problem whose places are still stretches of a file that was read. */
export interface Finding extends Pick<Problem, 'code' | 'message'> {
  readonly at?: Span | undefined;
  readonly hint?: string | undefined;
  /** Steps nearer than those that the place itself remembers. */
  readonly via?: readonly Step[] | undefined;
}

export interface Problems {
  add(mistake: Finding): void;
  /** What does not keep the project from loading. */
  warn(warning: Finding): void;
  readonly count: number;
  /** Whether something inside this place has been blamed already; of what, and for what, can be asked. */
  blames(at: Span, isMeant?: (text: string, code: string) => boolean): boolean;
  /** In order of file, line and column; those without a place come first. */
  sorted(files: readonly string[]): readonly Problem[];
  /** In the order in which they were found. The same may be said of several places. */
  readonly warnings: readonly Problem[];
}

/** `routes` may grow while problems are collected. */
export function collectProblems(routes: Routes = nowhere): Problems {
  const found = new Map<string, Problem>();
  const warnings = new Map<string, Problem>();
  const blamed: { readonly at: Span; readonly code: string }[] = [];
  let hasMore = false;
  return {
    add(mistake) {
      const { at, code } = mistake;
      if (found.size >= mostMistakes) hasMore = true;
      else if (note(found, mistake, routes) && at !== undefined) blamed.push({ at, code });
    },
    warn: (warning) => void note(warnings, warning, routes),
    blames(at, isMeant = () => true) {
      const { file, text } = at.source;
      return blamed.some(
        ({ at: { source, start, end }, code }) =>
          source.file === file && start >= at.start && end <= at.end && isMeant(text.slice(start, end), code),
      );
    },
    get count() {
      return found.size;
    },
    sorted(files) {
      const rank = (problem: Problem): number =>
        problem.at === undefined ? -1 : place(files.indexOf(problem.at.file), files.length);
      const told = [...found.values()].sort(
        (a, b) =>
          rank(a) - rank(b) ||
          (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
          (a.at?.column ?? 0) - (b.at?.column ?? 0),
      );
      return hasMore ? [...told, theRest] : told;
    },
    get warnings() {
      return [...warnings.values()];
    },
  };
}

const nowhere: Routes = { links: new Map(), extensions: new Map() };

/** More help nobody, and take as long to place as the file is big. */
const mostMistakes = 1000;

const theRest: Problem = {
  code: 'COMPOSE_TOO_MANY',
  message: `there are more mistakes than these ${mostMistakes}`,
  hint: 'mend these first: many of the others may go with them',
};

/** Each problem is noted once for each of its places. Answers whether it is new. */
function note(into: Map<string, Problem>, finding: Finding, routes: Routes): boolean {
  const { code, message, at, hint } = finding;
  const place = at === undefined ? '' : `${at.source.file}:${at.start}`;
  const key = `${code} ${place} ${message}`;
  if (into.has(key)) return false;
  const via = [...(finding.via ?? []), ...(at === undefined ? [] : viaOf(at, subjectOf(message), routes))];
  into.set(key, {
    code,
    message,
    ...placeOf(at),
    ...(hint === undefined ? {} : { hint }),
    ...(via.length === 0 ? {} : { via: via.map(stepOf) }),
  });
  return true;
}

/** Messages begin with the path of what they are about. */
function subjectOf(message: string): string {
  return /^services\.[^\s:]+/.exec(message)?.[0] ?? '';
}

function stepOf({ message, at }: Step): Via {
  return { message, ...placeOf(at) };
}

function placeOf(at: Span | undefined): Pick<Problem, 'at'> {
  return at === undefined ? {} : { at: rangeOf(at) };
}

/** Files that were never opened come last. */
function place(index: number, count: number): number {
  return index === -1 ? count : index;
}

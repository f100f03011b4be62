/** Collects mistakes, so that all of them can be shown at once and in file order. */
import type { Problem } from '../../errors.ts';
import { rangeOf, type Span } from './source.ts';

export interface Problems {
  add(problem: { code: string; message: string; at?: Span | undefined; hint?: string | undefined }): void;
  /** Warnings are said once each. */
  warn(message: string): void;
  readonly count: number;
  /** Whether something inside this place, of which the text can be asked for, has been blamed already. */
  blames(at: Span, isMeant?: (text: string) => boolean): boolean;
  /** In order of file, line and column; those without a place come first. */
  sorted(files: readonly string[]): readonly Problem[];
  readonly warnings: readonly string[];
}

export function collectProblems(): Problems {
  const found = new Map<string, Problem>();
  const spans: Span[] = [];
  const warnings = new Set<string>();
  return {
    add({ code, message, at, hint }) {
      const range = at === undefined ? undefined : rangeOf(at);
      const place = range === undefined ? '' : `${range.file}:${range.line}:${range.column}`;
      const key = `${code} ${place} ${message}`;
      if (found.has(key)) return;
      if (at !== undefined) spans.push(at);
      found.set(key, {
        code,
        message,
        ...(range === undefined ? {} : { at: range }),
        ...(hint === undefined ? {} : { hint }),
      });
    },
    blames(at, isMeant = () => true) {
      const { file, text } = at.source;
      return spans.some(
        ({ source, start, end }) =>
          source.file === file && start >= at.start && end <= at.end && isMeant(text.slice(start, end)),
      );
    },
    warn: (message) => void warnings.add(message),
    get count() {
      return found.size;
    },
    sorted(files) {
      const rank = (problem: Problem): number =>
        problem.at === undefined ? -1 : place(files.indexOf(problem.at.file), files.length);
      return [...found.values()].sort(
        (a, b) =>
          rank(a) - rank(b) ||
          (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
          (a.at?.column ?? 0) - (b.at?.column ?? 0),
      );
    },
    get warnings() {
      return [...warnings];
    },
  };
}

/** Files that were never opened come last. */
function place(index: number, count: number): number {
  return index === -1 ? count : index;
}

/** Collects mistakes, so that all of them can be shown at once and in file order. */
import type { Problem } from '../../errors.ts';
import { rangeOf, type Span } from './source.ts';

export interface Problems {
  add(problem: { code: string; message: string; at?: Span | undefined; hint?: string | undefined }): void;
  /** Warnings are said once each. */
  warn(message: string): void;
  readonly count: number;
  /** In order of file, line and column; those without a place come first. */
  sorted(files: readonly string[]): readonly Problem[];
  readonly warnings: readonly string[];
}

export function collectProblems(): Problems {
  const found = new Map<string, Problem>();
  const warnings = new Set<string>();
  return {
    add({ code, message, at, hint }) {
      const range = at === undefined ? undefined : rangeOf(at);
      const place = range === undefined ? '' : `${range.file}:${range.line}:${range.column}`;
      const key = `${code} ${place} ${message}`;
      if (found.has(key)) return;
      found.set(key, {
        code,
        message,
        ...(range === undefined ? {} : { at: range }),
        ...(hint === undefined ? {} : { hint }),
      });
    },
    warn: (message) => void warnings.add(message),
    get count() {
      return found.size;
    },
    sorted(files) {
      const rank = (problem: Problem): number =>
        problem.at === undefined ? -1 : (files.indexOf(problem.at.file) + files.length) % (files.length + 1);
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

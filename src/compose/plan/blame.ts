/** Errors of planning, each at its place in the files and with a way out. */
import { type Problem, type SourceRange, TscomposeError } from '../../errors.ts';
import { serviceHint } from '../load/suggest.ts';
import type { Project } from '../model/project.ts';

/** The place of a model path (`services.web.depends_on.db`), or of the nearest path above it that is known. */
export function placeOf(project: Project, path: string): SourceRange | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.'), at.lastIndexOf('[')))) {
    const place = project.positions[at];
    if (place) return place;
  }
  return undefined;
}

/** The problem with its place filled in. */
export function problemAt(project: Project, path: string, problem: Omit<Problem, 'at'>): Problem {
  const at = placeOf(project, path);
  return at ? { ...problem, at } : problem;
}

/** `no such service: wbe`, and the name that was probably meant. */
export function noSuchService(name: string, known: readonly string[]): TscomposeError {
  const hint = serviceHint(name, known);
  return new TscomposeError(
    'NO_SUCH_SERVICE',
    `no such service: ${name}`,
    hint === undefined ? {} : { hint },
  );
}

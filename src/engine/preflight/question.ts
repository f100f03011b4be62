/** What every check before a plan gets to see. */
import type { Action, ContainerSpec } from '../../compose/plan/plan.ts';
import type { Problem, TscomposeError } from '../../errors.ts';
import type { NetworkKeys, Places } from '../engine.ts';
import type { Parts } from '../parts.ts';

export interface Question {
  readonly parts: Parts;
  readonly actions: readonly Action[];
  /** Containers that the plan creates or starts. */
  readonly specs: readonly ContainerSpec[];
  /** Ids of the containers that the plan stops, replaces or removes: their ports become free. */
  readonly stopping: readonly string[];
  /** Ids of those that it replaces or removes: their names and addresses become free, too. */
  readonly removed: readonly string[];
  readonly places: Places;
  readonly networkKeys: NetworkKeys;
}

/** The place of a path of the model (`services.web.cap_add[0]`), or of the nearest one above it that is known. */
export function placeOf(places: Places, path: string): Problem['at'] {
  let whole = path;
  while (whole !== '') {
    const at = places[whole];
    if (at !== undefined) return at;
    whole = whole.replace(/(\[\d+\]|\.?[^.[\]]*)$/, '');
  }
  return undefined;
}

/** An error of the layers below at the line that asked for it. */
export function problemOf({ code, message, hint }: TscomposeError, at: Problem['at']): Problem {
  return { code, message, ...(at === undefined ? {} : { at }), ...(hint === undefined ? {} : { hint }) };
}

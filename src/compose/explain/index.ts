/**
 * Where every value of a project came from.
 * Goes in: the options of loading, and the path that is asked about. Comes out: an explanation for each value.
 * The loader's nodes remember their way; here it is only told, for the values that `config` prints.
 * It never decides what a value is, and never tells what a secret holds.
 */
import type { Problem } from '../../errors.ts';
import { type Loaded, loadAs, typedProject } from '../load/load.ts';
import { child, entriesOf, stringOf } from '../load/node.ts';
import type { LoadOptions } from '../load/reader.ts';
import type { Session } from '../load/session.ts';
import type { Json } from '../model/project.ts';
import type { Explanation } from './explanation.ts';
import { explainPlace, explainRemoved, type Knowledge } from './origin.ts';
import { childrenOf, isOneValue, type Place, rootOf } from './place.ts';
import { select } from './select.ts';

export interface Explained {
  readonly explanations: readonly Explanation[];
  /** Mistakes in the files, or a path at which there is nothing: `COMPOSE_NO_SUCH_VALUE`. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Every value at or below the paths, in the order of `config`; without a path all of them. */
export async function explain(options: LoadOptions, paths: readonly string[] = []): Promise<Explained> {
  const { made, problems, warnings, session } = await loadAs(options, (loaded, session) => {
    const project = typedProject(loaded, session);
    return project === undefined ? undefined : { loaded, project };
  });
  if (made === undefined) return { explanations: [], problems, warnings };
  const knowledge = knowledgeOf(made.loaded, session);
  const root = rootOf(made.project.canonical, made.loaded.tree);
  const found = (paths.length === 0 ? [''] : paths).map((path) => at(root, path, knowledge));
  return {
    explanations: found.flatMap((each) => ('code' in each ? [] : each)),
    problems: found.filter((each): each is Problem => 'code' in each),
    warnings,
  };
}

function knowledgeOf(loaded: Loaded, session: Session): Knowledge {
  return {
    links: session.links,
    extensions: session.extensions,
    environment: loaded.environment,
    secretVariables: secretVariables(loaded),
  };
}

function at(root: Place, path: string, knowledge: Knowledge): readonly Explanation[] | Problem {
  const selected = select(root, path);
  if ('place' in selected) return visit(selected.place, knowledge);
  const removed = explainRemoved(selected.at, selected.rest, knowledge);
  if (removed !== undefined) return [removed];
  const asked = [selected.at.path, selected.rest].filter((part) => part !== '').join('.');
  return {
    code: 'COMPOSE_NO_SUCH_VALUE',
    message: `nothing sets ${asked}`,
    ...(selected.hint === undefined ? {} : { hint: selected.hint }),
  };
}

function visit(place: Place, knowledge: Knowledge): readonly Explanation[] {
  if (place.node === undefined && isNothing(place.value)) return [];
  if (isOneValue(place)) return [explainPlace(place, knowledge)];
  const parts = childrenOf(place).flatMap((part) => visit(part, knowledge));
  // It took the place of another one as a whole, and its parts have stories of their own.
  const whole = place.node?.trace?.over !== undefined ? [explainPlace(place, knowledge)] : [];
  return [...whole, ...parts];
}

function isNothing(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

function secretVariables({ whole }: Loaded): ReadonlySet<string> {
  const secrets = [...entriesOf(child(whole, 'secrets'))];
  const names = secrets.map(([, { value }]) => stringOf(child(value, 'environment')));
  return new Set(names.filter((name) => name !== undefined));
}

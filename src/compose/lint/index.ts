/**
 * What can be told about a project beyond mistakes: habits that bite later.
 * Goes in: the documents as they are written, and the merged model. Comes out: warnings, each with a code and a place.
 * Each rule is a small file in `rules/`, with the paragraph that explains it.
 * It runs only under the purpose `lint`, and never refuses anything.
 */
import { child, entriesOf, type MapNode } from '../load/node.ts';
import { collectProblems } from '../load/problems.ts';
import { profilesOf, type Selection, selectServices } from '../load/select.ts';
import type { Session } from '../load/session.ts';
import type { LintedModel, LintRule, Warn } from './rule.ts';
import { lintRules } from './rules/index.ts';

export async function lintDocuments({ documents, problems }: Session): Promise<void> {
  for (const nodes of await Promise.all(documents.values())) {
    for (const document of nodes ?? []) {
      for (const rule of lintRules) rule.checkDocument?.(document, warnAs(rule, problems));
    }
  }
}

export async function lintModel({ problems, reader }: Session, tree: MapNode): Promise<void> {
  const services = [...entriesOf(child(tree, 'services'))].flatMap(([name, { value }]) =>
    value.kind === 'map' ? [{ name, service: value }] : [],
  );
  const model: LintedModel = { tree, services, reader };
  for (const rule of lintRules) await rule.checkModel?.(model, warnAs(rule, problems));
}

function warnAs({ code }: LintRule, problems: Session['problems']): Warn {
  return (warning) => problems.warn({ code, ...warning });
}

/** What is on when one more profile is: each profile that is off, by itself beside those that are on. */
export function otherSelections(tree: MapNode, { profiles, disabled }: Selection): readonly Selection[] {
  const others = new Set(
    [...disabled].flatMap((name) => {
      const service = child(child(tree, 'services'), name);
      return service === undefined ? [] : profilesOf(service);
    }),
  );
  return [...others].map((profile) =>
    // Services that were named and are missing have been told of.
    selectServices(tree, { profiles: [...profiles, profile], services: [] }, collectProblems()),
  );
}

/** What only the machine can know, asked before anything is changed. All problems at once. */
import type { Action, ContainerSpec } from '../compose/plan/plan.ts';
import { ComposeError, type Problem } from '../errors.ts';
import type { NetworkKeys, Places } from './engine.ts';
import type { Parts } from './parts.ts';
import { fileProblems } from './preflight/files.ts';
import { commandProblems, imageProblems, platformProblems } from './preflight/images.ts';
import { nameProblems } from './preflight/names.ts';
import { networkProblems } from './preflight/networks.ts';
import { portProblems } from './preflight/ports.ts';
import { propagationProblems } from './preflight/propagation.ts';
import type { Question } from './preflight/question.ts';
import { settingProblems } from './preflight/settings.ts';
import { volumeProblems } from './preflight/volumes.ts';

const checks: readonly ((question: Question) => readonly Problem[] | Promise<readonly Problem[]>)[] = [
  nameProblems,
  imageProblems,
  platformProblems,
  commandProblems,
  settingProblems,
  fileProblems,
  propagationProblems,
  networkProblems,
  volumeProblems,
  portProblems,
];

/** @throws ComposeError with every problem */
export async function preflight(
  parts: Parts,
  actions: readonly Action[],
  { places, networkKeys = {} }: { readonly places: Places; readonly networkKeys?: NetworkKeys | undefined },
): Promise<void> {
  const question: Question = {
    parts,
    actions,
    places,
    networkKeys,
    specs: containersToRun(parts, actions),
    stopping: idsOf(parts, actions, ['StopContainer', 'RemoveContainer']),
    removed: idsOf(parts, actions, ['RemoveContainer']),
  };
  const problems = (await Promise.all(checks.map((check) => check(question)))).flat();
  if (problems.length > 0) throw new ComposeError(problems);
}

/** Containers that the plan creates or starts. */
function containersToRun(parts: Parts, actions: readonly Action[]): ContainerSpec[] {
  const created = actions.flatMap((action) => (action.kind === 'CreateContainer' ? [action.container] : []));
  const names = new Set(created.map(({ name }) => name));
  const started = actions.flatMap((action) => {
    if (action.kind !== 'StartContainer' || names.has(action.name)) return [];
    const entry = parts.containers.byName(action.name);
    return entry === undefined || entry.run !== undefined ? [] : [entry.record.spec];
  });
  return [...created, ...started];
}

/** Of containers to which one of these happens, or that are replaced. */
function idsOf(parts: Parts, actions: readonly Action[], kinds: readonly Action['kind'][]): string[] {
  return actions.flatMap((action) => {
    if (action.kind === 'CreateContainer') return action.replaces === undefined ? [] : [action.replaces.id];
    if (!kinds.includes(action.kind) || !('name' in action)) return [];
    return parts.containers.byName(action.name)?.record.id ?? [];
  });
}

/** Plans that are made now and carried out later: exactly as they were made, or not at all. */
import { ComposeError, type Problem } from '../../errors.ts';
import { type Basis, changesSince, type Grounds, groundsOf } from './grounds.ts';
import { digestOf } from './hash.ts';
import type { Plan, PlanNode } from './plan.ts';
import { describeAction } from './print.ts';

/**
 * What is kept of a plan: not its actions, which hold what secrets say, but what it was made from. Planning is
 * deterministic, so the plan is made again, and the digest tells that it is the same.
 */
export interface SavedPlan {
  readonly grounds: Grounds;
  readonly digest: string;
}

export function savePlan(plan: Plan, basis: Basis, salt: string): SavedPlan {
  return { grounds: groundsOf(basis, salt), digest: planDigest(plan, salt) };
}

/** @throws ComposeError `PLAN_STALE` with all that the files say, or the machine has, and the plan was not made for */
export function refuseStale({ grounds }: SavedPlan, basis: Basis): void {
  const changes = changesSince(grounds, basis);
  if (changes.length > 0) throw stale('the saved plan no longer fits, so nothing was changed', changes);
}

/** @throws ComposeError `PLAN_STALE` when the same files and the same machine have led to another plan */
export function refuseOther({ grounds, digest }: SavedPlan, plan: Plan): void {
  if (planDigest(plan, grounds.salt) === digest) return;
  throw stale('the saved plan was made by another version of tscompose, so nothing was changed');
}

/**
 * For the rest of a plan whose images have been fetched: what they brought may ask for other steps.
 * @throws ComposeError `PLAN_STALE`
 */
export function refuseOtherSteps(whole: Plan, rest: Plan): void {
  const [before, now] = [steps(whole.nodes), steps(rest.nodes)];
  const changes = [
    ...now.filter((step) => !before.includes(step)).map((step) => `${step} is not in the saved plan`),
    ...before.filter((step) => !now.includes(step)).map((step) => `${step} is no longer asked for`),
  ];
  if (changes.length === 0) return;
  throw stale(
    'the images that were fetched lead to other steps than the saved plan has, so nothing else was changed',
    changes.map((message) => ({ code, message })),
  );
}

const code = 'PLAN_STALE';

/** Of what is done, in which order and why; what else a node tells people may come from what is not kept. */
function planDigest({ nodes }: Plan, salt: string): string {
  return digestOf([salt, nodes.map(({ id, action, after, because }) => [id, action, after, because])]);
}

function steps(nodes: readonly PlanNode[]): readonly string[] {
  return nodes.flatMap(({ action }) => (action.kind === 'EnsureImage' ? [] : [describeAction(action)]));
}

function stale(message: string, changes: readonly Problem[] = []): ComposeError {
  const hint = 'make a new plan with `tscompose plan -o FILE`, and look at it';
  return new ComposeError([{ code, message, hint }, ...changes]);
}

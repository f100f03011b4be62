/** One change of a project, start to end: observe, plan, check, carry out. */
import {
  draft,
  planImages,
  questionFor,
  refuseOther,
  refuseOtherSteps,
  refuseStale,
  savePlan,
} from '../compose/plan/index.ts';
import type { Observed } from '../compose/plan/observed.ts';
import type { Plan, PlanNode } from '../compose/plan/plan.ts';
import type { PlanEvent } from '../engine/engine.ts';
import { executePlan } from '../engine/executor.ts';
import { ComposeError, type Problem, TscomposeError } from '../errors.ts';
import type { ApplyRequest, Streams } from './protocol.ts';
import type { Context, Lines } from './routes.ts';

type ApplyLines = Lines<Streams['apply']['line']>;

/**
 * A dry run changes nothing, so it waits for nobody and stops where the changes would begin:
 * what the machine would refuse is found all the same.
 * @throws what planning, checking or the first failed action threw
 */
export async function apply(request: ApplyRequest, lines: ApplyLines, context: Context): Promise<void> {
  if (request.dryRun) return show(request, lines, context);
  const turn = {
    purpose: request.command.kind,
    signal: context.signal,
    onWait: (before: string) =>
      void lines.write({
        kind: 'waiting',
        reason: `"${before}" of project ${request.projectName} is still at work`,
      }),
  };
  await context.locks.run(request.projectName, turn, () => carryOut(request, lines, context));
}

async function show(request: ApplyRequest, lines: ApplyLines, context: Context): Promise<void> {
  const { whole, observed } = await prepare(request, context);
  void lines.write({ kind: 'plan', plan: whole });
  await check(whole, request, context);
  const { project, keep } = request;
  if (keep && project)
    void lines.write({ kind: 'kept', saved: savePlan(whole, { project, observed }, keep.salt) });
}

/**
 * Images that are missing are fetched first, as a plan of their own, and the rest is planned with what is then
 * there. All that can be refused is refused before that. A plan with questions is only told: the client asks them,
 * and comes again with the answers in its command.
 */
async function carryOut(request: ApplyRequest, lines: ApplyLines, context: Context): Promise<void> {
  const { whole, images } = await prepare(request, context);
  const isAsked = whole.questions !== undefined;
  void lines.write({ kind: 'plan', plan: images.nodes.length > 0 && !isAsked ? images : whole });
  await check(whole, request, context);
  if (isAsked) return;
  if (images.nodes.length === 0) return execute(whole, request, lines, context);

  await execute(images, request, lines, context);
  const freshImages = images.nodes.flatMap(({ action }) => ('image' in action ? [action.image] : []));
  const rest = await prepare(request, context, freshImages);
  if (request.saved) refuseOtherSteps(whole, rest.whole);
  void lines.write({ kind: 'plan', plan: rest.whole });
  await check(rest.whole, request, context);
  if (rest.whole.questions !== undefined) return;
  await execute(rest.whole, request, lines, context);
}

interface Prepared {
  readonly whole: Plan;
  /** The part of it that fetches images. */
  readonly images: Plan;
  readonly observed: Observed;
}

async function prepare(
  request: ApplyRequest,
  { engine }: Context,
  freshImages?: readonly string[],
): Promise<Prepared> {
  const observed = await engine.observe(questionFor(request));
  const input = { ...request, observed: foundOrSaved(request, observed, freshImages), freshImages };
  const whole = draft(input);
  if (request.saved && freshImages === undefined) refuseOther(request.saved, whole);
  const pulls =
    whole.problems === undefined && whole.nodes.some(({ action }) => action.kind === 'EnsureImage');
  return { whole, images: pulls ? planImages(input) : { ...whole, nodes: [] }, observed };
}

/**
 * What the plan is made from: the machine as it is, or as it was for a saved plan, but for images fetched since. What is
 * in files is the same then, and not kept.
 */
function foundOrSaved(
  { project, saved }: ApplyRequest,
  observed: Observed,
  freshImages: readonly string[] | undefined,
): Observed {
  if (saved === undefined || project === undefined) return observed;
  const { images, imageAgesMs, fileDigests } = observed;
  const then = { ...saved.grounds.observed, fileDigests };
  if (freshImages !== undefined) return { ...then, images, imageAgesMs };
  refuseStale(saved, { project, observed });
  return then;
}

/** @throws ComposeError with what planning and the machine have found, all at once */
async function check(
  { nodes, problems = [] }: Plan,
  { project }: ApplyRequest,
  { engine }: Context,
): Promise<void> {
  const actions = nodes.map(({ action }) => action);
  const names = Object.entries(project?.networks ?? {}).map(([key, { name }]) => [name, key]);
  try {
    await engine.preflight(actions, project?.positions ?? {}, Object.fromEntries(names));
  } catch (error) {
    throw error instanceof ComposeError ? new ComposeError([...problems, ...error.problems]) : error;
  }
  if (problems.length > 0) throw new ComposeError(problems);
}

/** Images do not wait for each other: all that can be had are fetched, and every one that cannot is told of. */
async function execute(
  steps: Plan,
  { parallel, project }: ApplyRequest,
  lines: ApplyLines,
  { engine, signal }: Context,
): Promise<void> {
  const onlyImages = steps.nodes.every(({ action }) => action.kind === 'EnsureImage');
  const failures = new Map<PlanNode, unknown>();
  await executePlan(steps, engine, {
    signal,
    emit: (event) => emit(lines, event),
    ...(parallel === undefined ? {} : { parallel }),
    ...(onlyImages ? { onFailure: (node, error) => void failures.set(node, error) } : {}),
  });
  const problems = steps.nodes.flatMap((node) => {
    const error = failures.get(node);
    if (error === undefined) return [];
    if (error instanceof TscomposeError) return [imageProblem(error, node, project)];
    throw error;
  });
  if (problems.length > 0) throw new ComposeError(problems);
}

/** At the line that names the image. */
function imageProblem(
  { code, message, hint }: TscomposeError,
  { action }: PlanNode,
  project: ApplyRequest['project'],
): Problem {
  const places = project?.positions ?? {};
  const service = action.kind === 'EnsureImage' ? action.service : '';
  const at = places[`services.${service}.image`] ?? places[`services.${service}`];
  return {
    code,
    message,
    ...(at === undefined ? {} : { at }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Progress within an action only decorates: a client that does not keep up misses some of it. */
function emit(lines: ApplyLines, event: PlanEvent): void {
  if (event.kind !== 'detail' || !lines.isFull) void lines.write(event);
}

/** One change of a project, start to end: observe, plan, check, carry out. */

import { plan, questionFor } from '../compose/plan/index.ts';
import type { Plan } from '../compose/plan/plan.ts';
import type { PlanEvent } from '../engine/engine.ts';
import { executePlan } from '../engine/executor.ts';
import type { ApplyRequest, Streams } from './protocol.ts';
import type { Context, Lines } from './routes.ts';

type ApplyLines = Lines<Streams['apply']['line']>;

/**
 * A dry run changes nothing, so it waits for nobody and stops where the changes would begin:
 * what the machine would refuse is found all the same.
 * @throws what planning, checking or the first failed action threw
 */
export async function apply(request: ApplyRequest, lines: ApplyLines, context: Context): Promise<void> {
  if (request.dryRun) {
    await prepare(request, lines, context);
    return;
  }
  const turn = {
    purpose: request.command.kind,
    signal: context.signal,
    onWait: (before: string) =>
      void lines.write({
        kind: 'waiting',
        reason: `"${before}" of project ${request.projectName} is still at work`,
      }),
  };
  await context.locks.run(request.projectName, turn, async () => {
    const prepared = await prepare(request, lines, context);
    await executePlan(prepared, context.engine, {
      signal: context.signal,
      emit: (event) => emit(lines, event),
      ...(request.parallel === undefined ? {} : { parallel: request.parallel }),
    });
  });
}

async function prepare(request: ApplyRequest, lines: ApplyLines, { engine }: Context): Promise<Plan> {
  const observed = await engine.observe(questionFor(request));
  const made = plan({ ...request, observed });
  void lines.write({ kind: 'plan', plan: made });
  await engine.preflight(
    made.nodes.map((node) => node.action),
    request.project?.positions ?? {},
  );
  return made;
}

/** Progress within an action only decorates: a client that does not keep up misses some of it. */
function emit(lines: ApplyLines, event: PlanEvent): void {
  if (event.kind !== 'detail' || !lines.isFull) void lines.write(event);
}

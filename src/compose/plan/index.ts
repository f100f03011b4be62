/**
 * Planning: decides what has to change on the machine, in which order, and why.
 * Goes in: a project (or only its name), what was observed, and the command a person gave.
 * Comes out: a plan, which is plain data; equal input gives an equal plan, byte for byte.
 * It never reads the machine, a file, a clock or the environment, and never carries anything out.
 * The rest of this folder is reached through here alone.
 */
import { ComposeError, TscomposeError, unreachable } from '../../errors.ts';
import type { Project } from '../model/project.ts';
import type { Command } from './command.ts';
import { planDown } from './down.ts';
import {
  planKill,
  planPause,
  planRemove,
  planRestart,
  planStart,
  planStop,
  planUnpause,
} from './lifecycle.ts';
import type { Observed } from './observed.ts';
import { inOrder } from './order.ts';
import { withOwnNames } from './own-names.ts';
import type { Plan } from './plan.ts';
import { planPull } from './pull.ts';
import { planRun } from './run.ts';
import { type ProjectInput, planUp } from './up.ts';

export { containerSpec } from './container-spec.ts';
export { formatPlan, type PlanFormat } from './formats.ts';
export { configHash } from './hash.ts';
export { label } from './labels.ts';
export { describeAction, printPlan } from './print.ts';
export { questionFor } from './question.ts';
export { whyDiverged } from './recreate.ts';
export { refuseOther, refuseOtherSteps, refuseStale, type SavedPlan, savePlan } from './saved.ts';

export interface PlanInput {
  /** Absent when only the name is known; enough for commands on what is there. */
  readonly project?: Project | undefined;
  readonly projectName: string;
  readonly observed: Observed;
  readonly command: Command;
  /** References of images that were fetched a moment ago, by a plan of `planImages`. */
  readonly freshImages?: readonly string[] | undefined;
}

/**
 * @throws ComposeError for what the project asks and the machine cannot give, each problem at its place
 * @throws TscomposeError for what the command asks: `NO_SUCH_SERVICE`, `CONFLICTING_OPTIONS`, `NO_CONTAINER`, `NO_PROJECT`, …
 */
export function plan(request: PlanInput): Plan {
  const drafted = draft(request);
  if (drafted.problems !== undefined) throw new ComposeError(drafted.problems);
  return drafted;
}

/** As `plan`, but with what is missing outside the project as `problems`: the machine may have more to say. */
export function draft(request: PlanInput): Plan {
  const input = {
    ...request,
    project: request.project && withOwnNames(request.project, request.projectName),
    observed: inOrder(request.observed),
  };
  const { command } = input;
  switch (command.kind) {
    case 'up':
      return planUp(withProject(input), command);
    case 'run':
      return planRun(withProject(input), command);
    case 'pull':
      return planPull(withProject(input), command);
    case 'down':
      return planDown(input, command);
    case 'start':
      return planStart(input, command);
    case 'stop':
      return planStop(input, command);
    case 'restart':
      return planRestart(input, command);
    case 'kill':
      return planKill(input, command);
    case 'rm':
      return planRemove(input, command);
    case 'pause':
      return planPause(input, command);
    case 'unpause':
      return planUnpause(input, command);
    default:
      return unreachable(command);
  }
}

/**
 * The part of a plan that is carried out before the rest: its images. Which containers stay depends on what a pull
 * brings, and when one cannot be had nothing else has been touched. When it has steps, carry them out, observe again,
 * and call `plan` with the references as `freshImages`; when it has none, `plan` at once.
 */
export function planImages(input: PlanInput): Plan {
  const whole = plan(input);
  if (input.command.kind !== 'up' && input.command.kind !== 'run')
    return { ...whole, nodes: [], warnings: [] };
  const nodes = whole.nodes.filter(({ action }) => action.kind === 'EnsureImage');
  return { project: whole.project, nodes, warnings: [] };
}

function withProject({ project, projectName, observed, command, freshImages }: PlanInput): ProjectInput {
  if (project) return { project, projectName, observed, fresh: new Set(freshImages) };
  throw new TscomposeError('NO_PROJECT', `\`${command.kind}\` needs the project's compose file`, {
    hint: 'run it in the directory of the file, or name the file with -f',
  });
}

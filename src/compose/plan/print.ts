/** A plan as text: one node a line, with what it does, why, and what it comes after. */
import { unreachable } from '../../errors.ts';
import type { Json } from '../model/project.ts';
import type { Change } from './changes.ts';
import type { Action, Plan, PlanNode, PullPolicy, Readiness } from './plan.ts';

/**
 * The whole plan for people, and for tests to compare:
 *
 *     shop: 2 steps
 *       create:web-1  create container shop-web-1  does not exist
 *       start:web-1   start container shop-web-1   new             after create:web-1
 *
 * Below a container that is made again stand the values that changed, with where they are written now.
 */
export function printPlan(plan: Plan, nameFile: NameFile = (file) => file): string {
  return [
    headline(plan),
    ...table(plan.nodes.map(columns)).flatMap((line, index) => [
      line,
      ...(plan.nodes[index]?.changes ?? []).map((change) => changeText(change, nameFile)),
    ]),
    ...plan.warnings.map((text) => `warning: ${text}`),
  ].join('\n');
}

/** A file's name as people are to read it. */
export type NameFile = (file: string) => string;

/** `environment.LOG: info → debug  compose.yaml:5:12`, below the node it is about. */
function changeText({ path, before, after, at }: Change, nameFile: NameFile): string {
  const place = at === undefined ? '' : `  ${nameFile(at.file)}:${at.line}:${at.column}`;
  return `      ${path}: ${valueText(before)} → ${valueText(after)}${place}`;
}

function valueText(value: Json | undefined): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' && /^[!-~]+( [!-~]+)*$/.test(value) ? value : JSON.stringify(value);
}

/** What the action does, in a few words: `create network shop_back`. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'EnsureImage':
      return `${fetching[action.policy]} image ${action.image}${action.platform ? ` for ${action.platform}` : ''}`;
    case 'CreateNetwork':
      return `create network ${action.network.name}`;
    case 'RemoveNetwork':
      return `remove network ${action.name}`;
    case 'CreateVolume':
      return `create volume ${action.volume.name}`;
    case 'RemoveVolume':
      return `remove volume ${action.name}`;
    case 'CreateContainer':
      return `${action.replaces ? 'recreate' : 'create'} container ${action.container.name}`;
    case 'StartContainer':
      return `start container ${action.name}`;
    case 'WaitFor':
      return `wait until ${action.name} ${awaited[action.condition]}${action.required ? '' : ', or go on without'}`;
    case 'StopContainer':
      return `stop container ${action.name}`;
    case 'KillContainer':
      return `send ${action.signal} to container ${action.name}`;
    case 'RestartContainer':
      return `restart container ${action.name}`;
    case 'PauseContainer':
      return `pause container ${action.name}`;
    case 'UnpauseContainer':
      return `unpause container ${action.name}`;
    case 'RemoveContainer':
      return `remove container ${action.name}${action.volumes ? ' and its anonymous volumes' : ''}`;
    case 'RemoveImage':
      return `remove image ${action.image}`;
    default:
      return unreachable(action);
  }
}

const fetching: Readonly<Record<PullPolicy, string>> = {
  always: 'pull',
  missing: 'pull',
  never: 'expect',
  build: 'build',
};

const awaited: Readonly<Record<Readiness, string>> = {
  started: 'has started',
  healthy: 'is healthy',
  completed: 'has completed',
  'running-or-healthy': 'runs and is healthy',
};

/** `shop: 2 steps`. */
export function headline({ project, nodes }: Plan): string {
  if (nodes.length === 0) return `${project}: nothing to do`;
  return `${project}: ${nodes.length} ${nodes.length === 1 ? 'step' : 'steps'}`;
}

function columns({ id, action, because, after }: PlanNode): readonly string[] {
  return [id, describeAction(action), because, after.length > 0 ? `after ${after.join(', ')}` : ''];
}

/** Two spaces between columns; the last one of a line is not padded. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}

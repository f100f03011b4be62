/** Starting containers so that each finds what it depends on in the condition it asks for. */
import type { Dependency } from '../model/project.ts';
import type { PlanBuilder } from './builder.ts';
import { groupBy } from './grouping.ts';
import type { ObservedContainer } from './observed.ts';
import type { Action, NodeId, Readiness } from './plan.ts';
import type { Dependencies, Topology } from './topology.ts';

/** A container as it will stand once everything before the start is done. */
export interface Standing {
  readonly service: string;
  readonly name: string;
  /** How node ids call it. */
  readonly handle: string;
  /** As it was found; absent: it is new. */
  readonly found?: ObservedContainer | undefined;
  /** Absent: it stays as it was found. */
  readonly begin?:
    | {
        readonly verb: Verb;
        readonly because: string;
        readonly after: readonly (NodeId | undefined)[];
        /** Stop timeout of a restart. */
        readonly timeoutMs?: number | undefined;
      }
    | undefined;
}

export type Verb = 'start' | 'unpause' | 'restart';

/** Why a container that is there has to be started, and how; nothing when it runs (or its restart policy is at work). */
export function beginning(container: ObservedContainer): { verb: Verb; because: string } | undefined {
  const { state } = container;
  switch (state.status) {
    case 'created':
      return { verb: 'start', because: 'not started yet' };
    case 'exited':
      return { verb: 'start', because: `exited (${state.exitCode})` };
    case 'paused':
      return { verb: 'unpause', because: 'paused' };
    case 'running':
    case 'restarting':
      return undefined;
  }
}

/** The nodes that were added, for what comes after them. */
export interface Started {
  readonly standings: readonly Standing[];
  /** Node by handle. */
  readonly nodes: ReadonlyMap<string, NodeId>;
  /** Nodes after which the service's dependencies are as it wants them; adds the waits that are missing. */
  ready(service: string): readonly NodeId[];
}

/**
 * Adds the starts in dependency order. A start waits for the conditions of its service's dependencies; a condition on
 * something that is started here is waited for even when nothing else is, so that its failure is noticed.
 */
export function startInOrder(
  builder: PlanBuilder,
  topology: Pick<Topology, 'order' | 'dependencies'>,
  standings: readonly Standing[],
): Started {
  const byService = groupBy(standings, ({ service }) => service);
  const nodes = new Map<string, NodeId>();

  const readyFor = (service: string, name: string, dependency: Dependency): readonly NodeId[] =>
    (byService.get(name) ?? []).flatMap((standing) => {
      const begun = nodes.get(standing.handle);
      return dependency.condition === 'service_started'
        ? (begun ?? [])
        : (waitFor(builder, standing, begun, { service, ...dependency }) ?? []);
    });
  const isBegun = (name: string) => (byService.get(name) ?? []).some(({ handle }) => nodes.has(handle));
  const ready = (service: string, dependencies: Dependencies = topology.dependencies(service)) =>
    Object.keys(dependencies)
      .sort()
      .flatMap((name) => readyFor(service, name, dependencies[name]!));

  for (const service of topology.order) {
    const members = byService.get(service) ?? [];
    const begins = members.some(({ begin }) => begin !== undefined);
    const dependencies = Object.entries(topology.dependencies(service));
    const relevant = dependencies.filter(([name]) => begins || (members.length > 0 && isBegun(name)));
    const after = ready(service, Object.fromEntries(relevant));
    for (const member of members) {
      if (member.begin) nodes.set(member.handle, begin(builder, member, member.begin, after));
    }
  }
  return { standings, nodes, ready };
}

const kinds = {
  start: 'StartContainer',
  unpause: 'UnpauseContainer',
  restart: 'RestartContainer',
} as const satisfies Readonly<Record<Verb, Action['kind']>>;

function begin(
  builder: PlanBuilder,
  { name, service, handle }: Standing,
  { verb, because, after, timeoutMs }: NonNullable<Standing['begin']>,
  ready: readonly NodeId[],
): NodeId {
  const action = { kind: kinds[verb], name, service };
  return builder.add(
    `${verb}:${handle}`,
    timeoutMs === undefined ? action : { ...action, timeoutMs },
    because,
    [...after, ...ready],
  );
}

const readiness = {
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
} as const satisfies Partial<Record<Dependency['condition'], Readiness>>;

function waitFor(
  builder: PlanBuilder,
  standing: Standing,
  begun: NodeId | undefined,
  need: Dependency & { readonly service: string },
): NodeId | undefined {
  if (need.condition === 'service_started') return begun;
  const condition = readiness[need.condition];
  if (begun === undefined && holds(standing, condition)) return undefined;
  const id = `wait:${standing.handle}:${condition}${need.required ? '' : ':optional'}`;
  const { name, service } = standing;
  return (
    builder.find(id) ??
    builder.add(
      id,
      { kind: 'WaitFor', name, service, condition, required: need.required },
      `${need.service} depends on it`,
      [begun],
    )
  );
}

function holds({ found }: Standing, condition: 'healthy' | 'completed'): boolean {
  if (found === undefined) return false;
  const { state } = found;
  return condition === 'healthy'
    ? state.status === 'running' && state.health === 'healthy'
    : state.status === 'exited' && state.exitCode === 0;
}

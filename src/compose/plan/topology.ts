/** Which services there are and what each depends on: from the project, and from the labels of containers where no file tells. */
import { ComposeError } from '../../errors.ts';
import type { Dependency, Project } from '../model/project.ts';
import { problemAt } from './blame.ts';
import { dependencyOrder, findCycle, type Graph, reachable } from './graph.ts';
import { label, parseDependencies } from './labels.ts';
import type { Observed } from './observed.ts';

export type Dependencies = Readonly<Record<string, Dependency>>;

export interface Topology {
  /** Every service, each after those it depends on. */
  readonly order: readonly string[];
  /** Service → names of those it depends on. */
  readonly graph: Graph;
  dependencies(service: string): Dependencies;
}

/**
 * The services of the project and those of which only containers are left. Labels may be older than the file:
 * where one would close a cycle, it is the label that gives way.
 * @throws ComposeError `COMPOSE_CYCLE` when the project's own dependencies run in a circle
 */
export function topologyOf(project: Project | undefined, observed: Observed): Topology {
  const declared = new Map<string, Dependencies>(
    Object.values(project?.services ?? {}).map((service) => [service.name, service.dependsOn]),
  );
  if (project) refuseCycle(project, declared);

  const all = new Map(declared);
  for (const [name, dependencies] of [...heldBack(project), ...labelled(observed)]) {
    if (all.has(name)) continue;
    all.set(name, withoutCycle(all, name, dependencies));
  }
  const graph = graphOf(all);
  return { order: dependencyOrder(graph), graph, dependencies: (service) => all.get(service) ?? {} };
}

function refuseCycle(project: Project, declared: ReadonlyMap<string, Dependencies>): void {
  const cycle = findCycle(graphOf(declared));
  if (!cycle) return;
  const [first = '', second = ''] = cycle;
  throw new ComposeError([
    problemAt(project, `services.${first}.depends_on.${second}`, {
      code: 'COMPOSE_CYCLE',
      message: `dependency cycle detected: ${cycle.join(' -> ')}`,
      hint: 'one of these services has to start without waiting for the next',
    }),
  ]);
}

function heldBack(project: Project | undefined): readonly (readonly [string, Dependencies])[] {
  return Object.values(project?.disabledServices ?? {}).map((service) => [service.name, service.dependsOn]);
}

/** The newest container of a service knows best. */
function labelled(observed: Observed): readonly (readonly [string, Dependencies])[] {
  const newestFirst = observed.containers.toSorted((a, b) => b.createdAt - a.createdAt);
  return newestFirst.map(({ service, labels, dependsOn }) => {
    const started = dependsOn.map((name) => `${name}:service_started:false`).join(',');
    return [service, parseDependencies(labels[label.dependsOn] ?? started)];
  });
}

function withoutCycle(
  known: ReadonlyMap<string, Dependencies>,
  name: string,
  dependencies: Dependencies,
): Dependencies {
  const graph = graphOf(new Map([...known, [name, {}]]));
  const kept = Object.entries(dependencies).filter(
    ([dependency]) => dependency !== name && !reachable(graph, [dependency]).has(name),
  );
  return Object.fromEntries(kept);
}

function graphOf(services: ReadonlyMap<string, Dependencies>): Graph {
  return new Map([...services].map(([name, dependencies]) => [name, Object.keys(dependencies)]));
}

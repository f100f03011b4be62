/** Which services a command is about. */
import { ComposeError, type Problem } from '../../errors.ts';
import type { Project, Service } from '../model/project.ts';
import { noSuchService, problemAt } from './blame.ts';
import { type Graph, reachable } from './graph.ts';
import type { Topology } from './topology.ts';

export interface Selection {
  /** In dependency order. */
  readonly services: readonly Service[];
  /** Those that were asked for, and are not there only because another needs them. */
  readonly targeted: ReadonlySet<string>;
}

/**
 * The services named (all enabled ones when none is) and, unless that is not wanted, what they depend on.
 * A named service counts as enabled whatever its profiles; what it depends on does not.
 * @throws TscomposeError `NO_SUCH_SERVICE`
 * @throws ComposeError `COMPOSE_DEPENDENCY_DISABLED` for each dependency that its profiles hold back and that is required
 */
export function selectServices(
  project: Project,
  topology: Topology,
  wanted: { readonly names: readonly string[]; readonly withDependencies: boolean },
): Selection {
  const all = { ...project.disabledServices, ...project.services };
  for (const name of wanted.names) {
    if (!(name in all)) throw noSuchService(name, Object.keys(all));
  }
  const targeted = new Set(wanted.names.length > 0 ? wanted.names : Object.keys(project.services));
  const enabled = new Set([...Object.keys(project.services), ...targeted]);
  const graph: Graph = new Map(
    [...enabled].map((name) => [name, wanted.withDependencies ? Object.keys(all[name]!.dependsOn) : []]),
  );
  const selected = reachable(graph, targeted);
  const services = topology.order.filter((name) => selected.has(name)).map((name) => all[name]!);
  if (wanted.withDependencies) refuseDisabled(project, services, enabled);
  return { services, targeted };
}

/**
 * For commands on what is there: the named services; else those that the project enables; else, where only labels are
 * known, all. In dependency order.
 * @throws TscomposeError `NO_SUCH_SERVICE`
 */
export function selectObserved(
  project: Project | undefined,
  topology: Topology,
  names: readonly string[],
): readonly string[] {
  for (const name of names) {
    if (!topology.graph.has(name)) throw noSuchService(name, topology.order);
  }
  if (names.length > 0) return topology.order.filter((name) => names.includes(name));
  return project ? topology.order.filter((name) => name in project.services) : topology.order;
}

function refuseDisabled(project: Project, services: readonly Service[], enabled: ReadonlySet<string>): void {
  const problems = services.flatMap((service) =>
    Object.entries(service.dependsOn)
      .filter(([name, dependency]) => dependency.required && !enabled.has(name))
      .map(([name]) => disabledDependency(project, service.name, name)),
  );
  if (problems.length > 0) throw new ComposeError(problems);
}

function disabledDependency(project: Project, service: string, dependency: string): Problem {
  const profiles = project.disabledServices[dependency]?.profiles ?? [];
  return problemAt(project, `services.${service}.depends_on.${dependency}`, {
    code: 'COMPOSE_DEPENDENCY_DISABLED',
    message: `service "${service}" depends on "${dependency}", which is not enabled`,
    hint:
      profiles.length > 0
        ? `enable it with --profile ${profiles[0]}, name it on the command line too, or write required: false`
        : 'define that service, or remove the dependency',
  });
}

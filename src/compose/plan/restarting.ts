/** Running containers that have to stop and start again because something they depend on does. */
import type { Project } from '../model/project.ts';
import { observedHandles } from './naming.ts';
import type { Observed, ObservedContainer } from './observed.ts';
import { type Fates, joinedModes, type Replica, replicasOf } from './replicas.ts';
import { type Ending, isUp } from './stopping.ts';
import type { Topology } from './topology.ts';

/**
 * `depends_on.restart: true`, and the sharing of a namespace, which ends with the container that it belongs to.
 * Dependents outside the selection are taken along as well: they would go on with something that is no longer there.
 * Orphans are not: what they once asked for is no longer said.
 */
export function bouncedContainers(
  project: Project,
  observed: Observed,
  topology: Topology,
  fates: Fates,
): readonly Ending[] {
  const handles = observedHandles(observed.containers);
  /** Service → what happens to it, as its dependents are told. */
  const news = new Map<string, string>();
  const bounced: Ending[] = [];
  const known = { ...project.disabledServices, ...project.services };
  for (const service of topology.order.filter((name) => name in known)) {
    const replicas = fates.replicas.get(service);
    const because = whyBounced(project, topology, news, service);
    const kept = replicas ? keptContainers(replicas) : replicasOf(observed, service);
    if (because !== undefined) {
      const running = kept.filter(({ state }) => isUp(state));
      bounced.push(
        ...running.map((container) => ({ container, handle: handles.get(container.id)!, because })),
      );
      if (running.length > 0) news.set(service, 'restarted');
    }
    if (replicas?.some(({ fate }) => fate === 'replace')) news.set(service, 'replaced');
    else if (!news.has(service) && replicas?.[0] && isStarted(replicas[0])) news.set(service, 'started');
  }
  return bounced;
}

function whyBounced(
  project: Project,
  topology: Topology,
  news: ReadonlyMap<string, string>,
  service: string,
): string | undefined {
  const shared = sharedServices(project, service);
  const restarting = Object.entries(topology.dependencies(service))
    .filter(([name, { restart }]) => restart || shared.includes(name))
    .map(([name]) => name)
    .sort();
  const cause = restarting.find((name) => {
    const happens = news.get(name);
    return happens !== undefined && (happens !== 'started' || shared.includes(name));
  });
  return cause === undefined ? undefined : `${cause} is ${news.get(cause)}`;
}

function isStarted(replica: Replica): boolean {
  return replica.fate === 'create' || !isUp(replica.old.state);
}

function keptContainers(replicas: readonly Replica[]): readonly ObservedContainer[] {
  return replicas.flatMap((replica) => (replica.fate === 'keep' ? [replica.old] : []));
}

function sharedServices(project: Project, name: string): readonly string[] {
  const service = project.services[name] ?? project.disabledServices[name];
  return service
    ? joinedModes(service).flatMap((mode) => (mode.kind === 'service' ? [mode.service] : []))
    : [];
}

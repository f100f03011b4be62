/** `up` and `create`: what is there becomes what the file says, with as little change as that takes. */
import type { Project, Service } from '../model/project.ts';
import { type PlanBuilder, planBuilder } from './builder.ts';
import type { UpCommand } from './command.ts';
import { createContainers } from './creating.ts';
import { warnOfDiscarded } from './discarded.ts';
import { refuseConflicts } from './flags.ts';
import { checkLinks } from './links.ts';
import { observedHandles } from './naming.ts';
import type { Observed } from './observed.ts';
import { orphansOf, orphanWarning } from './orphans.ts';
import type { NodeId, Plan } from './plan.ts';
import { awaitReadiness } from './readiness.ts';
import { remakeResources } from './remaking.ts';
import { decideFates, type FateQuestion, type Fates } from './replicas.ts';
import { ensureResources, type Resources, type ResourceWish } from './resources.ts';
import { bouncedContainers } from './restarting.ts';
import { type Selection, selectServices } from './selection.ts';
import { afterFillings } from './sharing.ts';
import { beginning, type Standing, type Started, startInOrder } from './starting.ts';
import { type Ending, stopInOrder } from './stopping.ts';
import { type Topology, topologyOf } from './topology.ts';

export interface ProjectInput {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
  /** Images fetched a moment ago, which need no fetching again. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * @throws TscomposeError `CONFLICTING_OPTIONS`, `NO_SUCH_SERVICE`, `NO_CONTAINER`
 * @throws ComposeError with every problem of one kind at its place
 */
export function planUp(input: ProjectInput, command: UpCommand): Plan {
  refuseConflicts(command, Object.keys({ ...input.project.disabledServices, ...input.project.services }));
  const builder = planBuilder(input.projectName);
  const topology = topologyOf(input.project, input.observed);
  const selection = selectServices(input.project, topology, {
    names: command.services,
    withDependencies: !command.noDeps,
  });
  const brought = bringUp(builder, { ...input, command, topology, selection, guests: [] });
  if (command.wait && brought.started) {
    awaitReadiness(builder, topology, brought.started, command.waitTimeoutMs);
  }
  return { ...builder.finish(), running: untouched(brought.started) };
}

function untouched(started: Started | undefined): readonly string[] {
  const standings = started?.standings ?? [];
  return standings
    .filter(({ begin, found }) => begin === undefined && found?.state.status === 'running')
    .map(({ name }) => name)
    .sort();
}

export interface BringUp extends ProjectInput {
  readonly command: UpCommand;
  readonly topology: Topology;
  readonly selection: Selection;
  /** Services for which only images, networks and volumes are made ready: a one-off follows. */
  readonly guests: readonly Service[];
}

export interface Brought {
  readonly resources: Resources;
  readonly replicas: Fates['replicas'];
  /** Absent when nothing was to be started. */
  readonly started: Started | undefined;
}

/** Adds everything that gets the selected services up, in the order in which a reader would do it. */
export function bringUp(builder: PlanBuilder, input: BringUp): Brought {
  const { project, observed, command, topology, selection } = input;
  const services = [...selection.services, ...input.guests];
  checkLinks(project, services);
  warnOfDiscarded(builder, services, observed);
  const wish: ResourceWish = {
    ...input,
    pull: command.pull,
    build: command.build,
    divergedVolumes: command.divergedVolumes,
    mayReplace: mayReplace(input),
  };
  const resources = ensureResources(builder, services, wish);

  const fates = decideFates({
    ...input,
    services: selection.services,
    scale: command.scale,
    recreate: (service) => recreatePolicy(command, selection.targeted.has(service)),
    news: newsOf(resources),
  });
  const leaving = [...fates.surplus, ...orphanEndings(builder, input)];
  const leavingIds = new Set(leaving.map(({ container }) => container.id));
  const bounced = (command.start ? bouncedContainers(project, observed, topology, fates) : []).filter(
    ({ container }) => !leavingIds.has(container.id),
  );

  const stops = stopInOrder(builder, topology, [...replacedEndings(fates), ...leaving, ...bounced], {
    timeoutMs: command.timeoutMs,
    after: [...resources.images.values(), ...resources.networks.values(), ...resources.volumes.values()],
  });
  const removals = new Map(leaving.map((ending) => [ending.container.id, remove(builder, ending, stops)]));
  const ends = new Map([...stops, ...removals]);
  remakeResources(builder, wish, { resources, fates, ends });

  const bouncedIds = new Set(bounced.map(({ container }) => container.id));
  const freed = [...ends].filter(([id]) => !bouncedIds.has(id)).map(([, node]) => node);
  createContainers(builder, input, { resources, fates, stops, freed });
  if (!command.start) return { resources, replicas: fates.replicas, started: undefined };

  const standings = [
    ...replicaStandings(builder, fates, bouncedIds),
    ...bouncedStandings(bounced, stops),
  ].map((standing) => afterFillings(builder, standing, { project, ...fates }));
  return { resources, replicas: fates.replicas, started: startInOrder(builder, topology, standings) };
}

function newsOf({ changes: { networks, volumes } }: Resources): FateQuestion['news'] {
  return {
    networks: new Map([
      ...networks.missing.map((key) => [key, 'is new'] as const),
      ...networks.remade.map(
        ({ key, because }) => [key, because === 'renamed' ? 'was renamed' : 'changed'] as const,
      ),
    ]),
    volumes: new Map([
      ...volumes.missing.map((key) => [key, 'is new'] as const),
      ...volumes.remade.map((key) => [key, 'changed'] as const),
    ]),
  };
}

function recreatePolicy(command: UpCommand, isTargeted: boolean): UpCommand['recreate'] {
  if (isTargeted || command.recreate === 'never') return command.recreate;
  return command.recreateDependencies ? 'force' : 'diverged';
}

/** Only what the plan replaces or removes anyway may lose a network under its feet. */
function mayReplace({ project, observed, command, selection }: BringUp): ResourceWish['mayReplace'] {
  const selected = new Set(selection.services.map(({ name }) => name));
  const replaceable = observed.containers.filter(({ oneOff, service }) => !oneOff && selected.has(service));
  const names = new Set([
    ...(command.recreate === 'never' ? [] : replaceable).map(({ name }) => name),
    ...(command.removeOrphans ? orphansOf(project, observed) : []).map(({ name }) => name),
  ]);
  return (name) => names.has(name);
}

function orphanEndings(builder: PlanBuilder, { project, observed, command }: BringUp): readonly Ending[] {
  const orphans = orphansOf(project, observed);
  if (orphans.length === 0) return [];
  if (!command.removeOrphans) {
    if (!command.ignoreOrphans) builder.warn(orphanWarning(orphans));
    return [];
  }
  const handles = observedHandles(observed.containers);
  return orphans.map((container) => ({ container, handle: handles.get(container.id)!, because: 'orphan' }));
}

function replacedEndings({ replicas }: Fates): readonly Ending[] {
  return [...replicas.values()]
    .flat()
    .flatMap((replica) =>
      replica.fate === 'replace'
        ? [{ container: replica.old, handle: replica.handle, because: replica.because }]
        : [],
    );
}

function remove(
  builder: PlanBuilder,
  { container, handle, because }: Ending,
  stops: ReadonlyMap<string, NodeId>,
): NodeId {
  const { name, service } = container;
  return builder.add(
    `remove:${handle}`,
    { kind: 'RemoveContainer', name, service, volumes: false, force: true },
    because,
    [stops.get(container.id)],
  );
}

function replicaStandings(
  builder: PlanBuilder,
  { replicas }: Fates,
  bounced: ReadonlySet<string>,
): readonly Standing[] {
  return [...replicas.values()].flat().flatMap((replica): readonly Standing[] => {
    if (replica.old && bounced.has(replica.old.id)) return [];
    const shared = { service: replica.service.name, name: replica.name, handle: replica.handle };
    if (replica.fate === 'keep') {
      const begin = beginning(replica.old);
      return [{ ...shared, found: replica.old, begin: begin && { ...begin, after: [] } }];
    }
    const because = replica.fate === 'create' ? 'new' : 'replaced';
    const created = builder.find(`create:${replica.handle}`);
    return [{ ...shared, begin: { verb: 'start', because, after: [created] } }];
  });
}

function bouncedStandings(
  bounced: readonly Ending[],
  stops: ReadonlyMap<string, NodeId>,
): readonly Standing[] {
  return bounced.map(({ container, handle, because }) => ({
    service: container.service,
    name: container.name,
    handle,
    found: container,
    begin: { verb: 'start', because, after: [stops.get(container.id)] },
  }));
}

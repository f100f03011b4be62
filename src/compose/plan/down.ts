/** `down`: the project's containers and networks go; volumes and images only when that is asked for. */
import type { Project } from '../model/project.ts';
import { type PlanBuilder, planBuilder } from './builder.ts';
import type { Command } from './command.ts';
import { label } from './labels.ts';
import { imageName, observedHandles } from './naming.ts';
import type { Observed, ObservedContainer } from './observed.ts';
import { orphansOf } from './orphans.ts';
import type { NodeId, Plan } from './plan.ts';
import { selectObserved } from './selection.ts';
import { isUp, stopInOrder } from './stopping.ts';
import { topologyOf } from './topology.ts';

type DownCommand = Extract<Command, { kind: 'down' }>;

/** The project may be unknown: labels then tell all there is to know. */
export interface LabelledInput {
  readonly project?: Project | undefined;
  readonly projectName: string;
  readonly observed: Observed;
}

interface Taking extends LabelledInput {
  readonly command: DownCommand;
  readonly leaving: readonly ObservedContainer[];
  readonly staying: readonly ObservedContainer[];
  /** Stop of each container that is up, by id. */
  readonly stops: ReadonlyMap<string, NodeId>;
  /** Removal of each container, by id. */
  readonly removals: ReadonlyMap<string, NodeId>;
}

/** @throws TscomposeError `NO_SUCH_SERVICE` */
export function planDown(input: LabelledInput, command: DownCommand): Plan {
  const { observed, projectName } = input;
  const builder = planBuilder(projectName);
  const topology = topologyOf(input.project, observed);
  const selected = new Set(selectObserved(input.project, topology, command.services));
  const orphans = new Set(command.removeOrphans && input.project ? orphansOf(input.project, observed) : []);
  const leaves = (container: ObservedContainer) =>
    selected.has(container.service) ? !container.oneOff || command.removeOrphans : orphans.has(container);
  const leaving = observed.containers.filter(leaves);
  const staying = observed.containers.filter((container) => !leaves(container));

  const handles = observedHandles(observed.containers);
  const endings = leaving.map((container) => ({
    container,
    handle: handles.get(container.id)!,
    because: 'down',
  }));
  const stops = stopInOrder(builder, topology, endings, { timeoutMs: command.timeoutMs });
  const removals = new Map(
    endings.map(({ container, handle, because }) => {
      const { id, name, service } = container;
      const action = {
        kind: 'RemoveContainer',
        name,
        service,
        // Nothing in the file says what an orphan's are.
        volumes: command.volumes && selected.has(service),
        force: true,
      } as const;
      return [id, builder.add(`remove:${handle}`, action, because, [stops.get(id)])];
    }),
  );

  const taking: Taking = { ...input, command, leaving, staying, stops, removals };
  removeNetworks(builder, taking);
  if (command.volumes) removeVolumes(builder, taking);
  if (command.images) removeImages(builder, taking);
  const plan = builder.finish();
  if (plan.nodes.length > 0 || plan.warnings.length > 0) return plan;
  return { ...plan, warnings: [`No resource found to remove for project "${projectName}".`] };
}

/**
 * Everything with the project's label and, when only some services go, what they were on. A container that has stopped
 * does not hold a network, be it one that goes or one that stays, such as a one-off: the kernel takes its time with a
 * network, so that begins as soon as nothing runs on it.
 */
function removeNetworks(builder: PlanBuilder, taking: Taking): void {
  const { project, projectName, observed, command, leaving } = taking;
  const external = new Set(
    Object.values(project?.networks ?? {}).flatMap((network) => (network.external ? [network.name] : [])),
  );
  const leavingNames = new Set(leaving.map(({ name }) => name));
  for (const network of observed.networks) {
    if (network.labels[label.project] !== projectName || external.has(network.name)) continue;
    const users = leaving.filter(({ networks }) => networks.includes(network.name));
    if (command.services.length > 0 && users.length === 0) continue;
    const others = taking.staying.filter(({ networks }) => networks.includes(network.name));
    const stopped = others.filter(({ state }) => !isUp(state));
    const evicts = [...stopped, ...users].map(({ name }) => name).sort();
    const holders = new Set(
      [...network.containers, ...others.map(({ name }) => name)].filter(
        (name) => !leavingNames.has(name) && !evicts.includes(name),
      ),
    );
    if (holders.size > 0) {
      if (command.services.length === 0) builder.warn(inUse('network', network.name, holders));
      continue;
    }
    builder.add(
      removalId(builder, 'remove-network', network, network.labels[label.network]),
      { kind: 'RemoveNetwork', name: network.name, ...(evicts.length > 0 ? { evicts } : {}) },
      'down',
      users.map(({ id }) => taking.stops.get(id)),
    );
  }
}

/** Volumes of the file, or of the labels where there is no file; never external ones, never another project's. */
function removeVolumes(builder: PlanBuilder, taking: Taking): void {
  const { project, projectName, observed, command, leaving } = taking;
  for (const volume of observed.volumes) {
    const declared = Object.values(project?.volumes ?? {}).find(({ name }) => name === volume.name);
    if (declared?.external || (project && !declared)) continue;
    if (volume.labels[label.project] !== projectName) {
      if (declared)
        builder.warn(`volume "${volume.name}" was not created for project "${projectName}", so it stays`);
      continue;
    }
    const users = leaving.filter(({ volumes }) => volumes.includes(volume.name));
    if (command.services.length > 0 && users.length === 0) continue;
    const others = volume.containers.filter((name) => users.every((user) => user.name !== name));
    if (others.length > 0) {
      builder.warn(inUse('volume', volume.name, others));
      continue;
    }
    builder.add(
      removalId(builder, 'remove-volume', volume, volume.labels[label.volume]),
      { kind: 'RemoveVolume', name: volume.name },
      'down --volumes',
      users.map(({ id }) => taking.removals.get(id)),
    );
  }
}

function removeImages(builder: PlanBuilder, taking: Taking): void {
  for (const image of unwantedImages(taking)) {
    const others = taking.staying.filter((container) => container.image === image).map(({ name }) => name);
    if (others.length > 0) {
      builder.warn(inUse('image', image, others));
      continue;
    }
    builder.add(
      `remove-image:${image}`,
      { kind: 'RemoveImage', image },
      `down --rmi ${taking.command.images}`,
      taking.leaving
        .filter((container) => container.image === image)
        .map(({ id }) => taking.removals.get(id)),
    );
  }
}

/** `local`: only what a build named by itself. */
function unwantedImages({ project, projectName, observed, command, leaving }: Taking): readonly string[] {
  const isWanted = (service: string) => command.services.length === 0 || command.services.includes(service);
  const images = project
    ? Object.values(project.services)
        .filter(({ name, image }) => isWanted(name) && (command.images === 'all' || image === undefined))
        .map((service) => imageName(projectName, service))
        .filter((image) => image in observed.images)
    : leaving
        .filter(({ image, service }) => command.images === 'all' || image === `${projectName}-${service}`)
        .map(({ image }) => image);
  return [...new Set(images)].sort();
}

/** By the file's key; where a renaming has left two of one key, the second goes by its name behind a colon. */
function removalId(
  builder: PlanBuilder,
  verb: string,
  { name }: { readonly name: string },
  key: string = name,
): string {
  const id = `${verb}:${key}`;
  return builder.find(id) === undefined ? id : `${verb}::${name}`;
}

function inUse(kind: string, name: string, users: Iterable<string>): string {
  return `${kind} ${name} is still in use by ${[...users].sort().join(', ')}, so it stays`;
}

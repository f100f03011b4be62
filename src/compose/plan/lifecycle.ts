/** Commands on containers that are there: `start`, `stop`, `restart`, `kill`, `rm`, `pause`, `unpause`. */
import { TscomposeError } from '../../errors.ts';
import { planBuilder } from './builder.ts';
import type { Command } from './command.ts';
import type { LabelledInput } from './down.ts';
import { reachable, reversed } from './graph.ts';
import { observedHandles } from './naming.ts';
import type { ObservedContainer } from './observed.ts';
import { orphansOf } from './orphans.ts';
import type { Plan } from './plan.ts';
import { awaitReadiness } from './readiness.ts';
import { selectObserved } from './selection.ts';
import { beginning, type Standing, startInOrder } from './starting.ts';
import { isUp, stopInOrder } from './stopping.ts';
import { type Topology, topologyOf } from './topology.ts';

type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/**
 * The named services and what they depend on.
 * @throws TscomposeError `NO_CONTAINER` when a service has none to start
 */
export function planStart(input: LabelledInput, command: Of<'start'>): Plan {
  const { builder, topology, handles } = open(input);
  const named = selectObserved(input.project, topology, command.services);
  const services = reachable(topology.graph, named);
  const containers = containersOf(input, services);
  refuseNothing(input, containers, { services: command.services, verb: 'start' });

  const standings = containers.map((container): Standing => {
    const begin = beginning(container);
    const { name, service } = container;
    const standing = { name, service, handle: handles.get(container.id)!, found: container };
    return begin ? { ...standing, begin: { ...begin, after: [] } } : standing;
  });
  const started = startInOrder(builder, topology, standings);
  if (command.wait) awaitReadiness(builder, topology, started, command.waitTimeoutMs);
  return builder.finish();
}

/** Exactly the named services, dependents first. */
export function planStop(input: LabelledInput, command: Of<'stop'>): Plan {
  const { builder, topology, handles } = open(input);
  const services = selectObserved(input.project, topology, command.services);
  const endings = containersOf(input, services).map((container) => ({
    container,
    handle: handles.get(container.id)!,
    because: 'stop',
  }));
  stopInOrder(builder, topology, endings, { timeoutMs: command.timeoutMs });
  return builder.finish();
}

/** The named services and those that ask to be restarted with them (`depends_on.restart`), dependencies first. */
export function planRestart(input: LabelledInput, command: Of<'restart'>): Plan {
  const { builder, topology, handles } = open(input);
  const named = new Set(selectObserved(input.project, topology, command.services));
  const restarting = restartTopology(topology);
  const services = command.noDeps ? named : reachable(reversed(restarting.graph), named);
  const containers = containersOf(input, services);
  for (const service of command.services) {
    if (containers.some((container) => container.service === service)) continue;
    builder.warn(`service "${service}" has no container to restart`);
  }

  const standings = containers.map((container): Standing => {
    const { name, service } = container;
    const because = named.has(service) ? 'restart' : 'a dependency is restarted';
    const begin = { verb: 'restart', because, after: [], timeoutMs: command.timeoutMs } as const;
    return { name, service, handle: handles.get(container.id)!, found: container, begin };
  });
  startInOrder(builder, restarting, standings);
  return builder.finish();
}

/**
 * A container between two runs has no process to signal; it is kept from being restarted.
 * @throws TscomposeError `NO_CONTAINER` when nothing runs
 */
export function planKill(input: LabelledInput, command: Of<'kill'>): Plan {
  const { builder, topology, handles } = open(input);
  const services = new Set(selectObserved(input.project, topology, command.services));
  const orphans =
    command.removeOrphans && input.project
      ? orphansOf(input.project, input.observed).filter(({ oneOff }) => !oneOff)
      : [];
  const targets = input.observed.containers.filter(({ service }) => services.has(service));
  const running = [...new Set([...targets, ...orphans])].filter(({ state }) => isUp(state));
  if (running.length === 0 && orphans.length === 0) throw nothingTo('kill', input.projectName);

  for (const { id, name, service, state } of running) {
    const isWaiting = state.status === 'restarting';
    builder.add(
      `kill:${handles.get(id)}`,
      isWaiting
        ? { kind: 'StopContainer', name, service }
        : { kind: 'KillContainer', name, service, signal: command.signal },
      isWaiting ? 'not to be restarted' : `kill with ${command.signal}`,
    );
  }
  for (const { id, name, service } of orphans) {
    const action = { kind: 'RemoveContainer', name, service, volumes: false, force: true } as const;
    builder.add(`remove:${handles.get(id)}`, action, 'orphan', [builder.find(`kill:${handles.get(id)}`)]);
  }
  return builder.finish();
}

/** Containers that have ended, and with `--stop` the others too. */
export function planRemove(input: LabelledInput, command: Of<'rm'>): Plan {
  const { builder, topology, handles } = open(input);
  const services = selectObserved(input.project, topology, command.services);
  const containers = containersOf(input, services).filter(({ state }) => command.stop || !isUp(state));
  const endings = containers.map((container) => ({
    container,
    handle: handles.get(container.id)!,
    because: 'rm',
  }));
  const stops = stopInOrder(builder, topology, endings);
  for (const { container, handle, because } of endings) {
    const { id, name, service } = container;
    const action = {
      kind: 'RemoveContainer',
      name,
      service,
      volumes: command.volumes,
      force: false,
    } as const;
    builder.add(`remove:${handle}`, action, because, [stops.get(id)]);
  }
  return builder.finish();
}

/** @throws TscomposeError `CONTAINER_PAUSED` when all that runs is paused already */
export function planPause(input: LabelledInput, command: Of<'pause'>): Plan {
  const { builder, topology, handles } = open(input);
  const containers = containersOf(input, selectObserved(input.project, topology, command.services));
  const running = containers.filter(({ state }) => state.status === 'running');
  const paused = containers.find(({ state }) => state.status === 'paused');
  if (running.length === 0 && paused) {
    throw new TscomposeError('CONTAINER_PAUSED', `container ${paused.name} is already paused`);
  }
  for (const { id, name, service } of running) {
    builder.add(`pause:${handles.get(id)}`, { kind: 'PauseContainer', name, service }, 'pause');
  }
  return builder.finish();
}

/** @throws TscomposeError `CONTAINER_NOT_PAUSED` when containers run and none is paused */
export function planUnpause(input: LabelledInput, command: Of<'unpause'>): Plan {
  const { builder, topology, handles } = open(input);
  const containers = containersOf(input, selectObserved(input.project, topology, command.services));
  const paused = containers.filter(({ state }) => state.status === 'paused');
  const running = containers.find(({ state }) => isUp(state));
  if (paused.length === 0 && running) {
    throw new TscomposeError('CONTAINER_NOT_PAUSED', `container ${running.name} is not paused`);
  }
  for (const { id, name, service } of paused) {
    builder.add(`unpause:${handles.get(id)}`, { kind: 'UnpauseContainer', name, service }, 'unpause');
  }
  return builder.finish();
}

function open(input: LabelledInput) {
  return {
    builder: planBuilder(input.projectName),
    topology: topologyOf(input.project, input.observed),
    handles: observedHandles(input.observed.containers),
  };
}

/** Replicas of the services; one-offs are not touched by these commands. */
function containersOf(input: LabelledInput, services: Iterable<string>): readonly ObservedContainer[] {
  const wanted = new Set(services);
  return input.observed.containers.filter(({ oneOff, service }) => !oneOff && wanted.has(service));
}

/** Only the dependencies that a restart follows. */
function restartTopology(topology: Topology): Topology {
  const dependencies = (service: string) =>
    Object.fromEntries(Object.entries(topology.dependencies(service)).filter(([, { restart }]) => restart));
  const graph = new Map(topology.order.map((service) => [service, Object.keys(dependencies(service))]));
  return { order: topology.order, graph, dependencies };
}

function refuseNothing(
  { projectName }: LabelledInput,
  containers: readonly ObservedContainer[],
  { services, verb }: { readonly services: readonly string[]; readonly verb: string },
): void {
  if (containers.length === 0 && services.length === 0) throw nothingTo(verb, projectName);
  const empty = services.find((service) => !containers.some((container) => container.service === service));
  if (empty === undefined) return;
  throw new TscomposeError('NO_CONTAINER', `service "${empty}" has no container to ${verb}`, {
    hint: `\`tscompose up -d ${empty}\` makes one`,
  });
}

function nothingTo(verb: string, projectName: string): TscomposeError {
  return new TscomposeError('NO_CONTAINER', `project "${projectName}" has no container to ${verb}`, {
    hint: '`tscompose ps -a` shows what is there',
  });
}

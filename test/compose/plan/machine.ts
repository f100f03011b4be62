/**
 * A machine of plain data that carries plans out as the engine has to, and refuses what an engine could not do:
 * to start before what is joined runs, to remove a network that is in use, to wait for what cannot come.
 */
import { label } from '../../../src/compose/plan/labels.ts';
import type { Observed, ObservedContainer, ObservedState } from '../../../src/compose/plan/observed.ts';
import type { Action, ContainerSpec, Plan, PlanNode } from '../../../src/compose/plan/plan.ts';
import { unreachable } from '../../../src/errors.ts';

export interface MachineOptions {
  /** Services whose containers end at once. */
  readonly oneShots?: ReadonlySet<string>;
  /** Chooses the next of several nodes that could run: how a parallel executor might happen to do it. */
  readonly choose?: (count: number) => number;
}

/** What the machine looks like when the plan has been carried out. */
export function carryOut(plan: Plan, before: Observed, options: MachineOptions = {}): Observed {
  const { choose = () => 0 } = options;
  const done = new Set<string>();
  const open = [...plan.nodes];
  let machine = before;
  while (open.length > 0) {
    const ready = open.filter((node) => node.after.every((id) => done.has(id)));
    if (ready.length === 0) throw new Error(`nothing can run of ${open.map(({ id }) => id).join(', ')}`);
    const node = ready[choose(ready.length) % ready.length]!;
    open.splice(open.indexOf(node), 1);
    machine = perform(node, machine, options);
    done.add(node.id);
  }
  return machine;
}

function perform(node: PlanNode, machine: Observed, options: MachineOptions): Observed {
  const refuse = (reason: string): never => {
    throw new Error(`${node.id}: ${reason}`);
  };
  const action: Action = node.action;
  switch (action.kind) {
    case 'EnsureImage':
      return { ...machine, images: { [action.image]: `sha256:${action.image}`, ...machine.images } };
    case 'CreateNetwork': {
      const { name, labels } = action.network;
      if (machine.networks.some((network) => network.name === name)) refuse('the network exists');
      return { ...machine, networks: [...machine.networks, { name, labels, containers: [] }] };
    }
    case 'RemoveNetwork': {
      const users = machine.containers.filter(({ networks }) => networks.includes(action.name));
      const holding = users.filter(({ name, state }) => isUp(state) || !action.evicts?.includes(name));
      if (holding.length > 0) refuse(`in use by ${holding.map(({ name }) => name)}`);
      return { ...machine, networks: machine.networks.filter(({ name }) => name !== action.name) };
    }
    case 'CreateVolume': {
      const { name, labels } = action.volume;
      if (machine.volumes.some((volume) => volume.name === name)) refuse('the volume exists');
      return { ...machine, volumes: [...machine.volumes, { name, labels, containers: [] }] };
    }
    case 'RemoveVolume': {
      const users = machine.containers.filter(({ volumes }) => volumes.includes(action.name));
      const holding = users.filter(({ name, state }) => isUp(state) || !action.evicts?.includes(name));
      if (holding.length > 0) refuse(`in use by ${holding.map(({ name }) => name)}`);
      return { ...machine, volumes: machine.volumes.filter(({ name }) => name !== action.name) };
    }
    case 'CreateContainer': {
      const { container, replaces } = action;
      const replaced = machine.containers.find(({ id }) => id === replaces?.id);
      if (replaces && !replaced) refuse('what it replaces is gone');
      if (replaced && isUp(replaced.state)) refuse('what it replaces still runs');
      const others = machine.containers.filter(({ id }) => id !== replaces?.id);
      if (others.some(({ name }) => name === container.name)) refuse('the name is taken');
      const made = observedOf(container, machine, refuse);
      return attach({ ...machine, containers: [...others, made] });
    }
    case 'StartContainer':
      return change(machine, action.name, (container) => {
        if (isUp(container.state)) refuse('it runs already');
        const joined = machine.containers.filter(({ id }) => container.joins.includes(id));
        if (joined.some(({ state }) => !isUp(state))) refuse('what it joins does not run');
        return options.oneShots?.has(container.service) ? { status: 'exited', exitCode: 0 } : running;
      });
    case 'RestartContainer':
      return change(machine, action.name, () => running);
    case 'WaitFor': {
      const { state } = machine.containers.find(({ name }) => name === action.name) ?? refuse('no container');
      const holds = action.condition === 'completed' ? state.status === 'exited' : state.status === 'running';
      if (!holds) refuse(`it is ${state.status}`);
      return machine;
    }
    case 'StopContainer':
    case 'KillContainer':
      return change(machine, action.name, ({ state }) => {
        if (!isUp(state)) refuse('it does not run');
        return { status: 'exited', exitCode: 137 };
      });
    case 'PauseContainer':
      return change(machine, action.name, () => ({ status: 'paused' }));
    case 'UnpauseContainer':
      return change(machine, action.name, () => running);
    case 'RemoveContainer': {
      const container = machine.containers.find(({ name }) => name === action.name) ?? refuse('no container');
      if (isUp(container.state)) refuse('it still runs');
      return attach({
        ...machine,
        containers: machine.containers.filter(({ name }) => name !== action.name),
      });
    }
    case 'RemoveImage': {
      const { [action.image]: _removed, ...images } = machine.images;
      return { ...machine, images };
    }
    default:
      return unreachable(action);
  }
}

const running: ObservedState = { status: 'running', health: 'healthy' };

function isUp({ status }: ObservedState): boolean {
  return status !== 'created' && status !== 'exited';
}

function observedOf(
  spec: ContainerSpec,
  machine: Observed,
  refuse: (reason: string) => never,
): ObservedContainer {
  const networks = spec.networks.map(({ network }) => network);
  const volumes = spec.mounts.flatMap((mount) => (mount.type === 'volume' && mount.name ? [mount.name] : []));
  const known = new Set([...machine.networks, ...machine.volumes].map(({ name }) => name));
  for (const name of [...networks, ...volumes]) if (!known.has(name)) refuse(`${name} does not exist`);
  const joins = [spec.networkMode, spec.pid, spec.ipc].flatMap((mode) => {
    if (mode?.kind !== 'container') return [];
    const target = machine.containers.find(({ name }) => name === mode.container);
    return (
      target?.id ??
      machine.foreignContainers[mode.container]?.id ??
      refuse(`${mode.container} does not exist`)
    );
  });
  const createdAt = Math.max(0, ...machine.containers.map((container) => container.createdAt)) + 1;
  return {
    id: `${spec.name}@${createdAt}`,
    name: spec.name,
    project: spec.project,
    service: spec.service,
    number: spec.number,
    oneOff: spec.oneOff,
    configHash: spec.labels[label.configHash]!,
    image: spec.image,
    ...(spec.asked === undefined ? {} : { asked: spec.asked }),
    imageId: machine.images[spec.image] ?? refuse(`image ${spec.image} does not exist`),
    state: { status: 'created' },
    networks,
    volumes,
    dependsOn: spec.labels[label.dependsOn]!.split(',').map((entry) => entry.split(':')[0]!),
    joins,
    labels: spec.labels,
    createdAt,
  };
}

function change(
  machine: Observed,
  name: string,
  to: (container: ObservedContainer) => ObservedState,
): Observed {
  if (!machine.containers.some((container) => container.name === name))
    throw new Error(`no container ${name}`);
  return {
    ...machine,
    containers: machine.containers.map((container) =>
      container.name === name ? { ...container, state: to(container) } : container,
    ),
  };
}

/** Tells each network and volume which containers use it. */
function attach(machine: Observed): Observed {
  const users = (of: 'networks' | 'volumes', used: string): readonly string[] =>
    machine.containers.filter((container) => container[of].includes(used)).map(({ name }) => name);
  return {
    ...machine,
    networks: machine.networks.map((one) => ({ ...one, containers: users('networks', one.name) })),
    volumes: machine.volumes.map((one) => ({ ...one, containers: users('volumes', one.name) })),
  };
}

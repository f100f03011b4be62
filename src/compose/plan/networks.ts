/** Networks a plan needs: made when missing, made again when the file changed, left alone otherwise. */
import type { Problem } from '../../errors.ts';
import type { Network, Project, Service } from '../model/project.ts';
import { problemAt } from './blame.ts';
import type { PlanBuilder } from './builder.ts';
import { attachedNetworks, isPredefined } from './endpoints.ts';
import { digestOf } from './hash.ts';
import { label, networkLabels } from './labels.ts';
import type { Observed, ObservedNetwork } from './observed.ts';
import type { NetworkSpec, NodeId } from './plan.ts';

export interface NetworkWish {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
  /** Whether the plan may replace this container, should a network under it have to be made again. */
  readonly mayReplace: (containerName: string) => boolean;
}

/** What has to happen to the networks of a set of services. */
export interface NetworkChanges {
  /** Keys of those that are not there: to be made. */
  readonly missing: readonly string[];
  /** To be removed and made again. */
  readonly remade: readonly RemadeNetwork[];
}

export interface RemadeNetwork {
  readonly key: string;
  /** As it is now; its name may be another than the file's. */
  readonly there: ObservedNetwork;
  readonly because: 'its settings changed' | 'renamed';
}

/** Keys of all networks that containers of these services are attached to. */
export function usedNetworks(project: Project, services: readonly Service[]): readonly string[] {
  return [...new Set(services.flatMap((service) => attachedNetworks(project, service)))].sort();
}

/** External networks that do not exist. */
export function missingNetworks(keys: readonly string[], wish: NetworkWish): readonly Problem[] {
  return keys.flatMap((key) => {
    const network = wish.project.networks[key]!;
    if (!network.external || isPredefined(network.name) || find(wish.observed, network.name)) return [];
    return problemAt(wish.project, `networks.${key}`, {
      code: 'COMPOSE_EXTERNAL_MISSING',
      message: `network ${network.name} declared as external, but could not be found`,
      hint: `bring up the project that makes it, or write \`name: ${network.name}\` without \`external\` to have it made`,
    });
  });
}

/** Decides about each network, and warns of those that are used as they are though the file says otherwise. */
export function networkChanges(
  builder: PlanBuilder,
  keys: readonly string[],
  wish: NetworkWish,
): NetworkChanges {
  const ours = keys.filter((key) => !wish.project.networks[key]!.external);
  const remade = ours.flatMap((key) => remadeNetwork(builder, key, wish) ?? []);
  const missing = ours.filter(
    (key) =>
      !find(wish.observed, wish.project.networks[key]!.name) && remade.every((other) => other.key !== key),
  );
  return { missing, remade };
}

/** Adds the node that makes a network, after the one that removed its predecessor. */
export function createNetwork(
  builder: PlanBuilder,
  key: string,
  wish: NetworkWish,
  predecessor?: { readonly because: RemadeNetwork['because']; readonly removal: NodeId },
): NodeId {
  const network = networkSpec(wish.projectName, key, wish.project.networks[key]!);
  const because = predecessor?.because ?? 'does not exist';
  return builder.add(`network:${key}`, { kind: 'CreateNetwork', network }, because, [predecessor?.removal]);
}

function remadeNetwork(builder: PlanBuilder, key: string, wish: NetworkWish): RemadeNetwork | undefined {
  const there = find(wish.observed, wish.project.networks[key]!.name);
  if (there !== undefined)
    return isDiverged(builder, key, there, wish)
      ? { key, there, because: 'its settings changed' }
      : undefined;
  const former = formerNetwork(key, wish);
  return former && { key, there: former, because: 'renamed' };
}

/** What this network was called before. While somebody else is on it, it stays beside the new one. */
function formerNetwork(key: string, wish: NetworkWish): ObservedNetwork | undefined {
  const names = new Set(Object.values(wish.project.networks).map(({ name }) => name));
  return wish.observed.networks.find(
    (network) =>
      isMadeFor(network, key, wish) &&
      !names.has(network.name) &&
      network.containers.every((name) => wish.mayReplace(name)),
  );
}

function isDiverged(builder: PlanBuilder, key: string, there: ObservedNetwork, wish: NetworkWish): boolean {
  const network = wish.project.networks[key]!;
  if (!isMadeFor(there, key, wish)) {
    builder.warn(
      `a network with name ${network.name} exists but was not created for project "${wish.projectName}"; write \`external: true\` to use an existing network`,
    );
    return false;
  }
  if ((there.labels[label.configHash] ?? digestOf(network)) === digestOf(network)) return false;
  const others = there.containers.filter((name) => !wish.mayReplace(name)).sort();
  if (others.length === 0) return true;
  builder.warn(
    `network ${network.name} has other settings than the file now has; it is used as it is, because ${others.join(', ')} is attached to it`,
  );
  return false;
}

function isMadeFor({ labels }: ObservedNetwork, key: string, { projectName }: NetworkWish): boolean {
  return labels[label.project] === projectName && labels[label.network] === key;
}

function networkSpec(projectName: string, key: string, network: Network): NetworkSpec {
  return {
    name: network.name,
    driver: network.driver,
    driverOptions: network.driverOptions,
    internal: network.internal,
    enableIpv6: network.enableIpv6,
    subnets: network.ipam.config.map(({ auxAddresses, ...subnet }) =>
      auxAddresses ? { ...subnet, auxAddresses: Object.values(auxAddresses) } : subnet,
    ),
    labels: networkLabels(projectName, key, network),
  };
}

function find(observed: Observed, name: string): ObservedNetwork | undefined {
  return observed.networks.find((network) => network.name === name);
}

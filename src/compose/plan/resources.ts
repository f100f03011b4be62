/** Images, networks and volumes for a set of services: everything a container needs before it can be made. */
import type { Problem } from '../../errors.ts';
import type { Service } from '../model/project.ts';
import { problemAt } from './blame.ts';
import type { PlanBuilder } from './builder.ts';
import { attachedNetworks } from './endpoints.ts';
import { ensureImages, type ImageWish, unbuildable } from './images.ts';
import {
  createNetwork,
  missingNetworks,
  type NetworkChanges,
  type NetworkWish,
  networkChanges,
  usedNetworks,
} from './networks.ts';
import type { NodeId } from './plan.ts';
import { joinedModes } from './replicas.ts';
import {
  createVolume,
  missingVolumes,
  mountedVolumes,
  type VolumeChanges,
  type VolumeWish,
  volumeChanges,
} from './volumes.ts';

export type ResourceWish = ImageWish & NetworkWish & VolumeWish;

export interface Resources {
  readonly images: ReadonlyMap<string, NodeId>;
  /** These two grow: what is made again is added when those that use it have stopped. */
  readonly networks: Map<string, NodeId>;
  readonly volumes: Map<string, NodeId>;
  readonly changes: { readonly networks: NetworkChanges; readonly volumes: VolumeChanges };
  /** Nodes that a container of this service comes after. */
  of(service: Service): readonly (NodeId | undefined)[];
}

/**
 * Adds the nodes. Networks and volumes that no service uses are not made.
 * Blamed: `BUILD_UNSUPPORTED` every image to be built, `COMPOSE_EXTERNAL_MISSING` every external network, volume and
 * container that is not there.
 */
export function ensureResources(
  builder: PlanBuilder,
  services: readonly Service[],
  wish: ResourceWish,
): Resources {
  const { project } = wish;
  const networkKeys = usedNetworks(project, services);
  const volumeKeys = [...new Set(services.flatMap(mountedVolumes))];
  builder.blame([
    ...unbuildable(services, wish),
    ...missingNetworks(networkKeys, wish),
    ...missingVolumes(volumeKeys, wish),
    ...missingContainers(services, wish),
  ]);

  const images = ensureImages(builder, services, wish);
  const changes = {
    networks: networkChanges(builder, networkKeys, wish),
    volumes: volumeChanges(builder, volumeKeys, wish),
  };
  const networks = new Map(changes.networks.missing.map((key) => [key, createNetwork(builder, key, wish)]));
  const volumes = new Map(changes.volumes.missing.map((key) => [key, createVolume(builder, key, wish)]));
  const of = (service: Service) => [
    images.get(service.name),
    ...attachedNetworks(project, service).map((key) => networks.get(key)),
    ...mountedVolumes(service).map((key) => volumes.get(key)),
  ];
  return { images, networks, volumes, changes, of };
}

/** `network_mode: container:x` and its like, where x is no container of this or another project. */
function missingContainers(
  services: readonly Service[],
  { project, observed }: ResourceWish,
): readonly Problem[] {
  const ours = new Set(observed.containers.map(({ name }) => name));
  return services.flatMap((service) =>
    joinedModes(service).flatMap((mode) => {
      if (mode.kind === 'service') return [];
      if (ours.has(mode.container) || mode.container in observed.foreignContainers) return [];
      return problemAt(project, `services.${service.name}.network_mode`, {
        code: 'COMPOSE_EXTERNAL_MISSING',
        message: `service "${service.name}" joins container "${mode.container}", which does not exist`,
        hint: 'start that container first',
      });
    }),
  );
}

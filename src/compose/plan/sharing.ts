/**
 * Volumes that containers share. Creating a container fills its empty volumes from its image: all that share one are
 * created before any of them starts, so that nothing is copied over what a program has done to it.
 */
import type { Project, Service } from '../model/project.ts';
import type { PlanBuilder } from './builder.ts';
import type { NodeId } from './plan.ts';
import type { Fates } from './replicas.ts';
import type { Standing } from './starting.ts';
import { mountedVolumes } from './volumes.ts';

/** The same standing, whose start comes after all creations that may fill its service's volumes. */
export function afterFillings(
  builder: PlanBuilder,
  standing: Standing,
  { project, replicas }: { readonly project: Project; readonly replicas: Fates['replicas'] },
): Standing {
  const service = project.services[standing.service];
  const { begin } = standing;
  if (begin === undefined || service === undefined) return standing;
  const after = [...begin.after, ...fillings(builder, mountedVolumes(service), replicas)];
  return { ...standing, begin: { ...begin, after } };
}

/**
 * The creations of other services' containers after which one of this service comes: in dependency order, the same
 * image always fills a volume for which several have something.
 */
export function earlierFillings(
  builder: PlanBuilder,
  service: Service,
  replicas: Fates['replicas'],
): readonly NodeId[] {
  const others = new Map([...replicas].filter(([name]) => name !== service.name));
  return fillings(builder, filledVolumes(service), others);
}

/** The creations so far that may fill one of these volumes. */
function fillings(
  builder: PlanBuilder,
  volumes: readonly string[],
  replicas: Fates['replicas'],
): readonly NodeId[] {
  if (volumes.length === 0) return [];
  const fills = (service: Service): boolean => filledVolumes(service).some((key) => volumes.includes(key));
  return [...replicas.values()]
    .filter(([replica]) => replica !== undefined && fills(replica.service))
    .flat()
    .flatMap(({ handle }) => builder.find(`create:${handle}`) ?? []);
}

function filledVolumes({ mounts }: Pick<Service, 'mounts'>): readonly string[] {
  return mountedVolumes({
    mounts: mounts.filter((mount) => mount.type === 'volume' && !mount.nocopy && mount.subpath === undefined),
  });
}

/** Images a plan needs: what is pulled, what is built, what is there. */
import type { Project, Service } from '../model/project.ts';
import type { PlanBuilder } from './builder.ts';
import { imageName } from './naming.ts';
import type { Observed } from './observed.ts';
import type { NodeId, PullPolicy } from './plan.ts';

export interface ImageWish {
  readonly project: Project;
  readonly projectName: string;
  readonly observed: Observed;
  /** `--pull`: stands above what the services say. */
  readonly pull?: PullPolicy | undefined;
  /** References that were fetched a moment ago: `always` is satisfied for them. */
  readonly fresh: ReadonlySet<string>;
}

/** Adds a node for each image that has to be fetched; answers them by service name. */
export function ensureImages(
  builder: PlanBuilder,
  services: readonly Service[],
  wish: ImageWish,
): ReadonlyMap<string, NodeId> {
  const nodes = new Map<string, NodeId>();
  for (const service of services) {
    const node = ensureImage(builder, service, wish);
    if (node !== undefined) nodes.set(service.name, node);
  }
  return nodes;
}

function ensureImage(builder: PlanBuilder, service: Service, wish: ImageWish): NodeId | undefined {
  const image = imageName(wish.projectName, service);
  const id = imageNodeId(image, service.platform);
  const policy = pullPolicy(builder, service, wish);
  const isStored = image in wish.observed.images;
  if (isStored && (policy !== 'always' || wish.fresh.has(image))) return undefined;
  const because = isStored ? 'to be pulled always' : policy === 'build' ? 'not built yet' : 'not stored yet';
  return (
    builder.find(id) ??
    builder.add(
      id,
      {
        kind: 'EnsureImage',
        image,
        policy,
        service: builderOf(image, service, wish).name,
        ...(service.platform === undefined ? {} : { platform: service.platform }),
      },
      because,
    )
  );
}

/** Node of an image; the same reference for another platform is another node. */
export function imageNodeId(image: string, platform: string | undefined): string {
  return platform === undefined ? `image:${image}` : `image:${image}:${platform}`;
}

/** `--pull`, else `pull_policy`, else `build` where some service builds the image and `missing` where none does. */
function pullPolicy(builder: PlanBuilder, service: Service, wish: ImageWish): PullPolicy {
  const image = imageName(wish.projectName, service);
  const isBuilt = builderOf(image, service, wish).build !== undefined;
  if (service.image === undefined) return 'build';
  const written = wish.pull ?? (service.pullPolicy === undefined ? undefined : policies[service.pullPolicy]);
  if (written === undefined && service.pullPolicy !== undefined) {
    builder.warn(
      `service "${service.name}": pull_policy ${service.pullPolicy} is taken as missing: images are not pulled again by age`,
    );
  }
  return written === undefined || (written === 'missing' && isBuilt)
    ? isBuilt
      ? 'build'
      : 'missing'
    : written;
}

/** What `pull_policy` may say; the refreshing ones (`daily`, `every_12h`) are not in it. */
const policies: Readonly<Record<string, PullPolicy>> = {
  always: 'always',
  never: 'never',
  missing: 'missing',
  if_not_present: 'missing',
  build: 'build',
};

/** The service that builds the image: itself, or another that gives its build the same name. */
function builderOf(image: string, service: Service, wish: ImageWish): Service {
  if (service.build !== undefined) return service;
  const others = Object.values({ ...wish.project.disabledServices, ...wish.project.services });
  return (
    others
      .filter((other) => other.build !== undefined && imageName(wish.projectName, other) === image)
      .sort((a, b) => (a.name < b.name ? -1 : 1))[0] ?? service
  );
}

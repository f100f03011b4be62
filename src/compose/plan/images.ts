/** Images a plan needs: what is pulled, what is built, what is there. */
import type { Problem } from '../../errors.ts';
import type { Project, Service } from '../model/project.ts';
import { milliseconds } from '../model/units.ts';
import { problemAt } from './blame.ts';
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
  /** `--build`. */
  readonly build?: boolean | undefined;
  /** References that were fetched a moment ago: `always` is satisfied for them. */
  readonly fresh: ReadonlySet<string>;
}

/** Images that `--build` wants made anew. */
export function unbuildable(services: readonly Service[], wish: ImageWish): readonly Problem[] {
  return services
    .filter((service) => isToBeBuilt(service, wish))
    .map((service) =>
      problemAt(wish.project, `services.${service.name}.build`, {
        code: 'BUILD_UNSUPPORTED',
        message: `service "${service.name}": the image ${imageName(wish.projectName, service)} cannot be built: building is not part of this version`,
        hint: 'build it elsewhere and bring it as a file: `tscompose image load -i IMAGE.tar`',
      }),
    );
}

function isToBeBuilt({ build }: Service, wish: ImageWish): boolean {
  return build !== undefined && (wish.build === true || wish.pull === 'build');
}

/** Adds a node for each image that has to be fetched; answers them by service name. */
export function ensureImages(
  builder: PlanBuilder,
  services: readonly Service[],
  wish: ImageWish,
): ReadonlyMap<string, NodeId> {
  const builders = buildersOf(wish);
  const nodes = new Map<string, NodeId>();
  for (const service of services) {
    // It is refused by `unbuildable`.
    if (isToBeBuilt(service, wish)) continue;
    const image = imageName(wish.projectName, service);
    const maker = service.build === undefined ? builders.get(image) : service;
    const isStored = image in wish.observed.images;
    if (isStored && service.build !== undefined && service.pullPolicy === 'build')
      builder.warn(
        `service "${service.name}": pull_policy build: the stored image ${image} is used as it is, because building is not part of this version`,
      );
    const ageMs = isStored ? (wish.observed.imageAgesMs[image] ?? Number.POSITIVE_INFINITY) : 0;
    const policy = pullPolicy(builder, service, { isBuilt: maker !== undefined, pull: wish.pull, ageMs });
    if (isStored && (policy !== 'always' || wish.fresh.has(image))) continue;
    const because = isStored
      ? whyAgain(service, wish)
      : policy === 'build'
        ? 'not built yet'
        : 'not stored yet';
    const { platform } = service;
    const action = { kind: 'EnsureImage', image, policy, service: (maker ?? service).name } as const;
    const id = imageNodeId(image, platform);
    const known = builder.find(id);
    nodes.set(
      service.name,
      known ?? builder.add(id, platform === undefined ? action : { ...action, platform }, because),
    );
  }
  return nodes;
}

function whyAgain({ pullPolicy: written }: Service, { pull }: ImageWish): string {
  return (pull ?? written) === 'always' ? 'to be pulled always' : `to be pulled again: ${written}`;
}

/** Node of an image; the same reference for another platform is another node. */
export function imageNodeId(image: string, platform: string | undefined): string {
  return platform === undefined ? `image:${image}` : `image:${image}:${platform}`;
}

interface PullQuestion {
  readonly isBuilt: boolean;
  readonly pull: PullPolicy | undefined;
  /** Since it was pulled: nothing to renew when it is not stored, endless when it came in another way. */
  readonly ageMs: number;
}

/** `--pull`, else `pull_policy`, else `build` where some service builds the image and `missing` where none does. */
function pullPolicy(
  builder: PlanBuilder,
  { name, image, pullPolicy: written }: Service,
  { isBuilt, pull, ageMs }: PullQuestion,
): PullPolicy {
  if (image === undefined) return 'build';
  const policy = pull ?? (written === undefined ? 'missing' : policyOf(written, ageMs));
  if (policy === undefined)
    builder.warn(
      `service "${name}": pull_policy ${written} is taken as missing: write how often to pull, such as every_12h`,
    );
  if (policy !== undefined && policy !== 'missing') return policy;
  return isBuilt ? 'build' : 'missing';
}

/** What `pull_policy` may say without an age. */
const policies: Readonly<Record<string, PullPolicy>> = {
  always: 'always',
  never: 'never',
  missing: 'missing',
  if_not_present: 'missing',
  build: 'build',
};

const ages: Readonly<Record<string, string>> = { daily: '1d', weekly: '1w' };

/** `daily`, `weekly` and `every_12h` are `always` for an image that was pulled longer ago. */
function policyOf(written: string, ageMs: number): PullPolicy | undefined {
  const longestMs = milliseconds(ages[written] ?? /^every_(.+)$/.exec(written)?.[1]);
  if (longestMs === undefined) return policies[written];
  return ageMs > longestMs ? 'always' : 'missing';
}

/** Image → the service that builds it; the first by name where several do. */
function buildersOf({ project, projectName }: ImageWish): ReadonlyMap<string, Service> {
  const services = [...Object.values(project.services), ...Object.values(project.disabledServices)];
  const builders = services
    .filter(({ build }) => build !== undefined)
    .sort((a, b) => (a.name > b.name ? -1 : 1));
  return new Map(builders.map((service) => [imageName(projectName, service), service]));
}

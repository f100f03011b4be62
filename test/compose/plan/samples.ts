/** Projects, commands and orders of work for properties of planning, made by chance. */
import fc from 'fast-check';
import type { Dependency, Project } from '../../../src/compose/model/project.ts';
import { attached, type ProjectSketch, project } from './model.ts';

/** A project without cycles: service `s3` may depend on `s0`, `s1` and `s2`. Odd services with `ends` are one-shots. */
export interface Sample {
  readonly project: Project;
  readonly oneShots: ReadonlySet<string>;
}

const serviceShape = fc.record({
  ends: fc.boolean(),
  scale: fc.integer({ min: 0, max: 3 }),
  image: fc.constantFrom('app', 'db', 'cache'),
  environment: fc.constantFrom({}, { A: '1' }, { A: '2' }),
  networks: fc.uniqueArray(fc.constantFrom('default', 'back', 'front')),
  volumes: fc.uniqueArray(fc.constantFrom('data', 'logs')),
  publishes: fc.boolean(),
  joins: fc.option(fc.nat(5), { nil: undefined }),
  dependsOn: fc.dictionary(
    fc.constantFrom('0', '1', '2', '3', '4'),
    fc.record({ strict: fc.boolean(), required: fc.boolean(), restart: fc.boolean() }),
    { maxKeys: 3 },
  ),
});

const resourceShape = fc.record({
  internal: fc.boolean(),
  network: fc.constantFrom('shop_back', 'spine'),
  volume: fc.constantFrom('shop_data', 'depot'),
  label: fc.constantFrom('a', 'b'),
});

export const sample: fc.Arbitrary<Sample> = fc
  .tuple(fc.array(serviceShape, { minLength: 1, maxLength: 6 }), resourceShape)
  .map(([shapes, { internal, network, volume, label: value }]) => {
    const oneShots = new Set(shapes.flatMap((shape, index) => (shape.ends ? [`s${index}`] : [])));
    const services: Record<string, ProjectSketch['services'][string]> = {};
    for (const [index, shape] of shapes.entries()) {
      const joined = shape.joins !== undefined && shape.joins < index ? `s${shape.joins}` : undefined;
      const canJoin = joined !== undefined && !oneShots.has(joined) && shapes[shape.joins!]!.scale > 0;
      const dependsOn: Record<string, Dependency> = {};
      for (const [key, { strict, required, restart }] of Object.entries(shape.dependsOn)) {
        if (Number(key) >= index) continue;
        const strictly = oneShots.has(`s${key}`) ? 'service_completed_successfully' : 'service_healthy';
        dependsOn[`s${key}`] = { condition: strict ? strictly : 'service_started', required, restart };
      }
      if (canJoin) dependsOn[joined] = { condition: 'service_started', required: true, restart: true };
      services[`s${index}`] = {
        scale: shape.scale,
        image: shape.image,
        environment: shape.environment,
        // Whether it ends is up to its program: a service that comes to an end instead of going on has another.
        ...(shape.ends ? { command: ['true'] } : {}),
        mounts: shape.volumes.map((source) => ({
          type: 'volume',
          source,
          target: `/${source}`,
          readOnly: false,
          nocopy: false,
        })),
        ports: shape.publishes
          ? [{ target: 80, published: { start: 80, end: 90 }, protocol: 'tcp', mode: 'ingress' }]
          : [],
        dependsOn,
        ...(canJoin
          ? { networkMode: { kind: 'service', service: joined } }
          : { networks: Object.fromEntries(shape.networks.map((key) => [key, attached()])) }),
      };
    }
    return {
      oneShots,
      project: project({
        services,
        networks: { back: { internal, name: network }, front: { labels: { value } } },
        volumes: { data: { name: volume }, logs: { labels: { value } } },
      }),
    };
  });

/** Commands of `up`; `scale` holds numbers of containers for the first services. */
export const upShape = fc.record({
  kind: fc.constant('up' as const),
  services: fc.uniqueArray(fc.constantFrom('s0', 's1', 's2', 's3', 's4', 's5'), { maxLength: 3 }),
  recreate: fc.constantFrom('diverged' as const, 'force' as const, 'never' as const),
  recreateDependencies: fc.boolean(),
  noDeps: fc.boolean(),
  start: fc.constant(true),
  wait: fc.constant(false),
  removeOrphans: fc.boolean(),
  ignoreOrphans: fc.constant(false),
  scale: fc.array(fc.nat(3), { maxLength: 6 }),
  renewAnonymousVolumes: fc.constant(false),
  divergedVolumes: fc.constantFrom('keep' as const, 'remake' as const),
});

/** Which of the actions that could run comes next, for `chooser`. */
export const choices = fc.infiniteStream(fc.nat(1000));

export function chooser(stream: fc.Stream<number>): (count: number) => number {
  return () => stream.next().value!;
}

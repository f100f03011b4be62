import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dependency, Project } from '../../../src/compose/model/project.ts';
import { type PlanInput, plan, printPlan } from '../../../src/compose/plan/index.ts';
import { label } from '../../../src/compose/plan/labels.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import { carryOut } from './machine.ts';
import { attached, down, empty, type ProjectSketch, project, up } from './model.ts';

/** A project without cycles: service `s3` may depend on `s0`, `s1` and `s2`. Odd services with `ends` are one-shots. */
interface Sample {
  readonly project: Project;
  readonly oneShots: ReadonlySet<string>;
}

fc.configureGlobal({ numRuns: 60 });

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

const sample: fc.Arbitrary<Sample> = fc
  .tuple(fc.array(serviceShape, { minLength: 1, maxLength: 6 }), fc.boolean())
  .map(([shapes, internal]) => {
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
        networks: { back: { internal }, front: {} },
        volumes: { data: {}, logs: {} },
      }),
    };
  });

const choices = fc.infiniteStream(fc.nat(1000));

function chooser(stream: fc.Stream<number>): (count: number) => number {
  return () => stream.next().value!;
}

function input(project: Project, observed: Observed, command: PlanInput['command']): PlanInput {
  return { project, projectName: 'shop', observed, command };
}

describe('for any project without cycles', { timeout: 60_000 }, () => {
  test('no node comes before one of those it is after', () => {
    fc.assert(
      fc.property(sample, ({ project }) => {
        const { nodes } = plan(input(project, empty, up()));
        const position = new Map(nodes.map(({ id }, index) => [id, index]));
        expect(position.size).toBe(nodes.length);
        for (const [index, { after }] of nodes.entries()) {
          for (const id of after) expect(position.get(id)).toBeLessThan(index);
        }
      }),
    );
  });

  test('planning what is already there gives an empty plan, in whatever order the first one was carried out', () => {
    fc.assert(
      fc.property(sample, choices, ({ project, oneShots }, stream) => {
        fc.pre(oneShots.size === 0);
        const there = carryOut(plan(input(project, empty, up())), empty, { choose: chooser(stream) });
        expect(printPlan(plan(input(project, there, up())))).toBe('shop: nothing to do');
      }),
    );
  });

  test('only what has ended is started again', () => {
    fc.assert(
      fc.property(sample, ({ project, oneShots }) => {
        const there = carryOut(plan(input(project, empty, up())), empty, { oneShots });
        const again = plan(input(project, there, up()));
        for (const { action } of again.nodes) {
          expect(['StartContainer', 'WaitFor']).toContain(action.kind);
          if ('service' in action) expect(oneShots).toContain(action.service);
        }
      }),
    );
  });

  test('up turns any project into any other, and then has nothing left to do', () => {
    fc.assert(
      fc.property(sample, sample, choices, (first, second, stream) => {
        const change = up({ removeOrphans: true });
        const choose = chooser(stream);
        const before = carryOut(plan(input(first.project, empty, up())), empty, { ...first, choose });
        const after = carryOut(plan(input(second.project, before, change)), before, { ...second, choose });
        const again = plan(input(second.project, after, change));
        const pending = again.nodes.filter(
          ({ action }) => !('service' in action && second.oneShots.has(action.service)),
        );
        expect(pending).toEqual([]);
      }),
    );
  });

  test.each([true, false])('down after up leaves nothing (with the file: %s)', (withFile) => {
    fc.assert(
      fc.property(sample, choices, ({ project, oneShots }, stream) => {
        const there = carryOut(plan(input(project, empty, up())), empty, { oneShots });
        const command = down({ volumes: true });
        const gone = plan(
          withFile ? input(project, there, command) : { projectName: 'shop', observed: there, command },
        );
        const left = carryOut(gone, there, { choose: chooser(stream) });
        expect(left).toEqual({ ...empty, images: left.images, imageAgesMs: left.imageAgesMs });
      }),
    );
  });

  test('stop, start and restart leave the same containers running', () => {
    fc.assert(
      fc.property(sample, choices, ({ project, oneShots }, stream) => {
        fc.pre(oneShots.size === 0);
        const choose = chooser(stream);
        const there = carryOut(plan(input(project, empty, up())), empty, { choose });
        fc.pre(there.containers.length > 0);
        const stopped = carryOut(plan(input(project, there, { kind: 'stop', services: [] })), there, {
          choose,
        });
        expect(stopped.containers.every(({ state }) => state.status === 'exited')).toBe(true);
        const start = { kind: 'start', services: [], wait: false } as const;
        const started = carryOut(plan(input(project, stopped, start)), stopped, { choose });
        expect(started).toEqual(there);
        const restart = { kind: 'restart', services: [], noDeps: false } as const;
        expect(carryOut(plan(input(project, started, restart)), started, { choose })).toEqual(there);
      }),
    );
  });

  test('planning is deterministic, whatever order services and containers are listed in', () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const there = carryOut(plan(input(first.project, empty, up())), empty, first);
        const command = up({ removeOrphans: true });
        const turned: Project = { ...second.project, services: backwards(second.project.services) };
        const shuffled: Observed = { ...there, containers: there.containers.toReversed() };
        const text = JSON.stringify(plan(input(second.project, there, command)));
        expect(JSON.stringify(plan(input(second.project, there, command)))).toBe(text);
        expect(JSON.stringify(plan(input(turned, shuffled, command)))).toBe(text);
      }),
    );
  });

  test('everything that is made carries the name of the project', () => {
    fc.assert(
      fc.property(sample, ({ project }) => {
        for (const { action } of plan(input(project, empty, up())).nodes) {
          const made = action.kind === 'CreateContainer' ? action.container : undefined;
          const labels =
            made?.labels ??
            (action.kind === 'CreateNetwork' ? action.network.labels : undefined) ??
            (action.kind === 'CreateVolume' ? action.volume.labels : undefined);
          if (labels) expect(labels[label.project]).toBe('shop');
        }
      }),
    );
  });
});

function backwards<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).reverse());
}

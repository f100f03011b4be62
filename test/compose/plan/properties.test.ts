import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Project, Service } from '../../../src/compose/model/project.ts';
import type { UpCommand } from '../../../src/compose/plan/command.ts';
import {
  type PlanInput,
  plan,
  printPlan,
  refuseOther,
  refuseStale,
  type SavedPlan,
  savePlan,
} from '../../../src/compose/plan/index.ts';
import { label } from '../../../src/compose/plan/labels.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import type { Plan, PlanNode } from '../../../src/compose/plan/plan.ts';
import { TscomposeError } from '../../../src/errors.ts';
import { carryOut } from './machine.ts';
import { down, empty, up } from './model.ts';
import { choices, chooser, type Sample, sample, upShape } from './samples.ts';

fc.configureGlobal({ numRuns: 60 });

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
        const change = up({ removeOrphans: true, divergedVolumes: 'remake' });
        const choose = chooser(stream);
        const before = carryOut(plan(input(first.project, empty, up())), empty, { ...first, choose });
        const after = carryOut(plan(input(second.project, before, change)), before, { ...second, choose });
        const again = plan(input(second.project, after, change));
        expect(pending(again, second)).toEqual([]);
        expect(again.warnings).toEqual([]);
      }),
    );
  });

  test('whatever is asked of up, having done it leaves nothing to do, and touches nothing that was not meant', () => {
    fc.assert(
      fc.property(sample, sample, upShape, choices, (first, second, shape, stream) => {
        const choose = chooser(stream);
        const before = carryOut(plan(input(first.project, empty, up())), empty, { ...first, choose });
        const services = shape.services.filter((name) => name in second.project.services);
        const command = { ...shape, services, scale: scaleOf(shape.scale, second.project) };
        const changing = possible(input(second.project, before, command));
        const made = touched(changing, ['CreateContainer', 'RemoveContainer']);
        const meant = meantBy(command, second.project, before);
        expect([...made].filter((service) => !meant.has(service))).toEqual([]);

        // What --no-recreate keeps goes on, though the file has a program by now that comes to its end.
        fc.pre(command.recreate !== 'never' || second.oneShots.size === 0);
        // Without its dependencies a service may be asked to share what has ended.
        const joins = ({ networkMode }: Service) => networkMode?.kind === 'service';
        fc.pre(!command.noDeps || !Object.values(second.project.services).some(joins));
        const after = carryOut(changing, before, { ...second, choose });
        const settled = {
          ...command,
          recreate: command.recreate === 'never' ? 'never' : 'diverged',
        } as const;
        const again = possible(input(second.project, after, { ...settled, recreateDependencies: false }));
        // A network that --no-recreate has left as it was may be free now, because a replica that was on it is gone.
        const left = pending(again, second).filter(
          ({ action }) => command.recreate !== 'never' || 'service' in action,
        );
        expect(left).toEqual([]);
      }),
    );
  });

  test('scaling keeps the lowest numbers that are up to date, and nothing else changes', () => {
    fc.assert(
      fc.property(
        sample,
        fc.array(fc.nat(4), { minLength: 6, maxLength: 6 }),
        ({ project, oneShots }, counts) => {
          fc.pre(oneShots.size === 0);
          const there = carryOut(plan(input(project, empty, up())), empty);
          const scale = scaleOf(counts, project);
          const scaled = possible(input(project, there, up({ scale })));
          const after = carryOut(scaled, there);
          for (const [service, count] of Object.entries(scale)) {
            const numbers = after.containers
              .filter((one) => one.service === service)
              .map(({ number }) => number);
            expect(numbers.toSorted()).toEqual(Array.from({ length: count }, (_, index) => index + 1));
          }
          const replaced = scaled.nodes.filter(
            ({ action }) => action.kind === 'CreateContainer' && action.replaces !== undefined,
          );
          expect(replaced).toEqual([]);
        },
      ),
    );
  });

  test('a saved plan is the same plan when it is made again from what was kept, and fits no other machine', () => {
    fc.assert(
      fc.property(sample, sample, (first, second) => {
        const before = carryOut(plan(input(first.project, empty, up())), empty, first);
        const made = plan(input(second.project, before, up()));
        const basis = { project: second.project, observed: before };
        const saved = JSON.parse(JSON.stringify(savePlan(made, basis, 'salt'))) as SavedPlan;
        refuseStale(saved, basis);
        refuseOther(saved, plan(input(second.project, saved.grounds.observed, up())));
        const after = carryOut(made, before, second);
        if (made.nodes.length > 0)
          expect(() => refuseStale(saved, { ...basis, observed: after })).toThrow('no longer fits');
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

/** Numbers of containers for the first services. */
function scaleOf(counts: readonly number[], { services }: Project): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.keys(services).flatMap((name, index) => (index in counts ? [[name, counts[index]!]] : [])),
  );
}

/** The plan, where what is asked for makes sense. */
function possible(wish: PlanInput): Plan {
  try {
    return plan(wish);
  } catch (error) {
    // Options that contradict each other, or a namespace to be shared of a service that is to have no container.
    fc.pre(
      !(error instanceof TscomposeError && ['CONFLICTING_OPTIONS', 'NO_CONTAINER'].includes(error.code)),
    );
    throw error;
  }
}

/** What is still to be done, but for running again what has come to its end. */
function pending({ nodes }: Plan, { oneShots }: Sample): readonly PlanNode[] {
  return nodes.filter(({ action }) => !('service' in action && oneShots.has(action.service)));
}

function touched({ nodes }: Plan, kinds: readonly string[]): ReadonlySet<string> {
  return new Set(
    nodes.flatMap(({ action }) => {
      if (!kinds.includes(action.kind)) return [];
      return action.kind === 'CreateContainer'
        ? [action.container.service]
        : 'service' in action
          ? [action.service]
          : [];
    }),
  );
}

/** Services whose containers a command may make and remove: those named, what they need, and orphans. */
function meantBy(
  { services, noDeps, removeOrphans }: UpCommand,
  project: Project,
  { containers }: Observed,
): ReadonlySet<string> {
  const meant = new Set(services.length > 0 ? services : Object.keys(project.services));
  if (!noDeps)
    for (const name of meant)
      for (const needed of Object.keys(project.services[name]?.dependsOn ?? {})) meant.add(needed);
  const orphans = containers.filter(({ service }) => !(service in project.services));
  return new Set([...meant, ...(removeOrphans ? orphans.map(({ service }) => service) : [])]);
}

function backwards<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).reverse());
}

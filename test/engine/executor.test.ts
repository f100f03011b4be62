import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Action, NodeId, Plan } from '../../src/compose/plan/plan.ts';
import type { ActionContext, PlanEvent } from '../../src/engine/engine.ts';
import { executePlan } from '../../src/engine/executor.ts';
import { TscomposeError } from '../../src/errors.ts';

/** A plan of starts, written as `{ name: [names it comes after] }`. */
function planOf(edges: Readonly<Record<string, readonly string[]>>, waits: readonly string[] = []): Plan {
  return {
    project: 'p',
    warnings: [],
    nodes: Object.entries(edges).map(([name, after]) => ({
      id: name as NodeId,
      after: after as readonly NodeId[],
      because: 'test',
      action: waits.includes(name)
        ? { kind: 'WaitFor', name, service: name, condition: 'healthy', required: true }
        : { kind: 'StartContainer', name, service: name },
    })),
  };
}

const nameOf = (action: Action): string => ('name' in action ? action.name : action.kind);

/** Performs by looking the name up; notes what began and ended, in order. */
function performer(work: Readonly<Record<string, (context: ActionContext) => Promise<void>>> = {}) {
  const seen: string[] = [];
  const perform = async (action: Action, context: ActionContext): Promise<void> => {
    const name = nameOf(action);
    seen.push(`+${name}`);
    await (work[name]?.(context) ?? new Promise((resolve) => setImmediate(resolve)));
    seen.push(`-${name}`);
  };
  return { seen, perform };
}

const run = (
  plan: Plan,
  engine: { perform: (action: Action, context: ActionContext) => Promise<void> },
  options: { parallel?: number; signal?: AbortSignal } = {},
) => {
  const events: PlanEvent[] = [];
  const done = executePlan(plan, engine, {
    signal: options.signal ?? new AbortController().signal,
    emit: (event) => events.push(event),
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
  });
  return { events, done };
};

const phases = (events: readonly PlanEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'node' ? [`${event.node} ${event.phase}`] : []));

describe('executing a plan', () => {
  test('a node begins when everything it comes after has succeeded', async () => {
    const engine = performer();
    await run(planOf({ db: [], web: ['db'], proxy: ['web'] }), engine).done;
    expect(engine.seen).toEqual(['+db', '-db', '+web', '-web', '+proxy', '-proxy']);
  });

  test('independent nodes run at the same time, up to the bound', async () => {
    const engine = performer();
    await run(planOf({ a: [], b: [], c: [] }), engine, { parallel: 2 }).done;
    expect(engine.seen.slice(0, 2)).toEqual(['+a', '+b']);
    expect(engine.seen.indexOf('+c')).toBeGreaterThan(
      engine.seen.findIndex((entry) => entry.startsWith('-')),
    );
  });

  test.each([0, -1, -2])('a bound of %i is none', async (parallel) => {
    const engine = performer();
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${index}`, []]));
    await run(planOf(many), engine, { parallel }).done;
    expect(engine.seen.slice(0, 20).every((entry) => entry.startsWith('+'))).toBe(true);
  });

  test.each([
    [undefined, 40],
    [3, 3],
  ])('with the bound %s so many of 40 stops begin at once: %i', async (parallel, atOnce) => {
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const starts = planOf(Object.fromEntries(names.map((name) => [name, []])));
    const nodes = starts.nodes.map((node, index) => ({
      ...node,
      action: { kind: 'StopContainer', name: `n${index}`, service: 'n' } as const,
    }));
    const engine = performer();
    await run({ ...starts, nodes }, engine, parallel === undefined ? {} : { parallel }).done;
    expect(engine.seen.findIndex((entry) => entry.startsWith('-'))).toBe(atOnce);
  });

  test('what never becomes ready is a bug, and no success', async () => {
    const { events, done } = run(planOf({ a: [], b: ['c'], c: ['b'] }), performer());
    await expect(done).rejects.toThrow('nothing failed, and these never began: b, c');
    expect(phases(events)).toEqual(['a started', 'a done', 'b skipped', 'c skipped']);
  });

  test('waiting does not count against the bound', async () => {
    let ready: () => void = () => undefined;
    const healthy = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const engine = performer({
      health: () => healthy,
      db: async () => ready(),
    });
    await run(planOf({ health: [], db: [] }, ['health']), engine, { parallel: 1 }).done;
    expect(engine.seen.slice(0, 2)).toEqual(['+health', '+db']);
    expect(engine.seen).toHaveLength(4);
  });

  test('after a failure nothing new begins, the rest is skipped and the failure is the one cause', async () => {
    const engine = performer({
      db: () => Promise.reject(new TscomposeError('X', 'no such image', { hint: 'pull it' })),
    });
    const { events, done } = run(planOf({ db: [], web: ['db'], cache: [], after: ['cache'] }), engine);
    await expect(done).rejects.toThrow('no such image');
    expect(phases(events)).toEqual([
      'db started',
      'cache started',
      'db failed',
      'cache done',
      'web skipped',
      'after skipped',
    ]);
    expect(events).toContainEqual({
      kind: 'node',
      node: 'db',
      phase: 'failed',
      message: 'no such image',
      hint: 'pull it',
    });
  });

  test('whoever asks to be told of failures gets all of them, and only what comes after them is skipped', async () => {
    const engine = performer({
      db: () => Promise.reject(new Error('no db')),
      cache: () => Promise.reject(new Error('no cache')),
    });
    const failures: string[] = [];
    const events: PlanEvent[] = [];
    await executePlan(planOf({ db: [], web: ['db'], cache: [], mail: [] }), engine, {
      signal: new AbortController().signal,
      parallel: 1,
      emit: (event) => events.push(event),
      onFailure: (node, error) => failures.push(`${node.id}: ${(error as Error).message}`),
    });
    expect(failures).toEqual(['db: no db', 'cache: no cache']);
    expect(phases(events)).toEqual([
      'db started',
      'db failed',
      'cache started',
      'cache failed',
      'mail started',
      'mail done',
      'web skipped',
    ]);
  });

  test('a failure gives up the waits that are in flight', async () => {
    const engine = performer({
      wait: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      db: () => Promise.reject(new Error('broken')),
    });
    await expect(run(planOf({ wait: [], db: [] }, ['wait']), engine).done).rejects.toThrow('broken');
  });

  test('an interrupt lets what is in flight end and skips the rest', async () => {
    const interrupt = new AbortController();
    const engine = performer({ a: async () => interrupt.abort() });
    const { events, done } = run(planOf({ a: [], b: ['a'] }), engine, { signal: interrupt.signal });
    await expect(done).rejects.toMatchObject({ code: 'INTERRUPTED', exitCode: 130 });
    expect(phases(events)).toEqual(['a started', 'a done', 'b skipped']);
  });

  test('an empty plan is done at once', async () => {
    await expect(run(planOf({}), performer()).done).resolves.toBeUndefined();
  });

  test('in any acyclic plan no node begins before those it comes after have ended', async () => {
    const acyclic = fc
      .array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 })
      .map((rows) =>
        Object.fromEntries(
          rows.map((row, index) => [
            `n${index}`,
            [...new Set(row.filter((before) => before < index))].map((before) => `n${before}`),
          ]),
        ),
      );
    await fc.assert(
      fc.asyncProperty(acyclic, fc.integer({ min: 1, max: 5 }), async (edges, parallel) => {
        const engine = performer();
        await run(planOf(edges), engine, { parallel }).done;
        for (const [name, after] of Object.entries(edges)) {
          for (const before of after)
            expect(engine.seen.indexOf(`-${before}`)).toBeLessThan(engine.seen.indexOf(`+${name}`));
        }
      }),
      { numRuns: 50 },
    );
  });
});

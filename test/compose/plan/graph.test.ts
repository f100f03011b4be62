import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dependencyOrder,
  findCycle,
  type Graph,
  reachable,
  reversed,
} from '../../../src/compose/plan/graph.ts';
import { questionFor } from '../../../src/compose/plan/index.ts';
import { parseDependencies } from '../../../src/compose/plan/labels.ts';
import { down, project, run, up } from './model.ts';

function graph(edges: Readonly<Record<string, string>>): Graph {
  return new Map(
    Object.entries(edges).map(([name, to]) => [name, to.split('').filter((other) => other !== ' ')]),
  );
}

describe('a graph of names', () => {
  test('has an order in which dependencies come first, alphabetical otherwise', () => {
    expect(dependencyOrder(graph({ c: 'a', b: '', a: 'd', d: '' }))).toEqual(['d', 'a', 'b', 'c']);
  });

  test('shows a cycle as a closed path', () => {
    expect(findCycle(graph({ a: 'b', b: 'cd', c: '', d: 'b' }))).toEqual(['b', 'd', 'b']);
    expect(findCycle(graph({ a: 'a' }))).toEqual(['a', 'a']);
    expect(findCycle(graph({ a: 'bx', b: '' }))).toBeUndefined();
  });

  test('tells what is reached from where, and turned round, what leads there', () => {
    const shop = graph({ web: 'a', a: 'd', d: '', z: '' });
    expect([...reachable(shop, ['web'])].sort()).toEqual(['a', 'd', 'web']);
    expect([...reachable(reversed(shop), ['d'])].sort()).toEqual(['a', 'd', 'web']);
  });

  test('has either a cycle or an order', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const edges = fc.dictionary(fc.constantFrom(...names), fc.subarray(names), { noNullPrototype: true });
    fc.assert(
      fc.property(edges, (record) => {
        const sample: Graph = new Map(Object.entries(record));
        const cycle = findCycle(sample);
        if (cycle) {
          expect(cycle.at(-1)).toBe(cycle[0]);
          for (const [index, name] of cycle.slice(0, -1).entries()) {
            expect(sample.get(name)).toContain(cycle[index + 1]);
          }
          return;
        }
        const order = dependencyOrder(sample);
        for (const [name, dependencies] of sample) {
          for (const dependency of dependencies.filter((other) => sample.has(other))) {
            expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name));
          }
        }
      }),
    );
  });
});

test('the label of dependencies is read with its conditions, and forgiving of what is not there', () => {
  expect(parseDependencies('db:service_healthy:true,cache:odd,x')).toEqual({
    db: { condition: 'service_healthy', required: true, restart: true },
    cache: { condition: 'service_started', required: true, restart: false },
    x: { condition: 'service_started', required: true, restart: false },
  });
  expect(parseDependencies('')).toEqual({});
});

describe('the question to the machine', () => {
  const shop = project({
    services: {
      web: { build: {} },
      spy: { image: 'busybox', networkMode: { kind: 'container', container: 'target' } },
    },
    disabledServices: { debug: { image: 'busybox' } },
    networks: { corp: { external: true, name: 'corp' } },
    volumes: { data: {} },
  });
  const input = { project: shop, projectName: 'shop' };

  test('names everything the project names', () => {
    expect(questionFor({ ...input, command: up() })).toEqual({
      project: 'shop',
      images: ['busybox', 'shop-web'],
      networks: ['corp', 'shop_default'],
      volumes: ['shop_data'],
      containers: ['target'],
      files: [],
    });
  });

  test('asks for images only when they matter', () => {
    expect(questionFor({ ...input, command: down() }).images).toEqual([]);
    expect(questionFor({ ...input, command: down({ images: 'all' }) }).images).toEqual([
      'busybox',
      'shop-web',
    ]);
  });

  test('names the files that configs and secrets are taken from, where containers may be made of them', () => {
    const secretive = project({
      services: {
        web: {
          configs: [{ source: 'motd', target: '/motd' }],
          secrets: [{ source: 'key', target: '/run/secrets/key' }],
        },
      },
      configs: {
        motd: { kind: 'file', name: 'shop_motd', file: '/srv/shop/motd' },
        unused: { kind: 'file', name: 'shop_unused', file: '/srv/shop/unused' },
      },
      secrets: { key: { kind: 'file', name: 'shop_key', file: '/srv/shop/key' } },
    });
    const about = { project: secretive, projectName: 'shop' };
    expect(questionFor({ ...about, command: up() }).files).toEqual(['/srv/shop/key', '/srv/shop/motd']);
    expect(questionFor({ ...about, command: run('web') }).files).toEqual(['/srv/shop/key', '/srv/shop/motd']);
    expect(questionFor({ ...about, command: down() }).files).toEqual([]);
  });

  test('names a volume that only an option of run names', () => {
    const mount = { type: 'volume', source: 'mine', target: '/m', readOnly: false, nocopy: false } as const;
    expect(questionFor({ ...input, command: run('web', { mounts: [mount] }) }).volumes).toEqual([
      'mine',
      'shop_data',
    ]);
  });

  test('is about labels alone when there is no file', () => {
    expect(questionFor({ projectName: 'shop', command: down({ images: 'all' }) })).toEqual({
      project: 'shop',
      images: [],
      networks: [],
      volumes: [],
      containers: [],
      files: [],
    });
  });
});

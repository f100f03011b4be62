import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeModels } from '../../../src/compose/load/merge.ts';
import { fromJson, type MapNode, toJson } from '../../../src/compose/load/node.ts';
import { collectProblems } from '../../../src/compose/load/problems.ts';
import { makeSource } from '../../../src/compose/load/source.ts';
import type { Json } from '../../../src/compose/model/project.ts';
import { canonicalOf, loadFiles, mistakesIn } from './loading.ts';

/** Service `web` of one file under another. */
function merged(base: string, over: string): Promise<Json> {
  return canonicalOf({
    '/p/compose.yaml': `services: {web: {image: x, ${base}}}`,
    '/p/compose.override.yaml': `services: {web: {${over}}}`,
  });
}

describe('merging files', () => {
  it.each([
    ['command replaces', 'command: [a, b]', 'command: c', { command: ['c'] }],
    ['entrypoint replaces', 'entrypoint: [a, b]', 'entrypoint: []', { entrypoint: [] }],
    [
      'healthcheck.test replaces and the rest merges',
      'healthcheck: {test: [CMD, a], interval: 5s}',
      'healthcheck: {test: b}',
      { healthcheck: { test: ['CMD-SHELL', 'b'], interval: '5s' } },
    ],
    [
      'environment merges by name, across forms',
      'environment: {A: 1, B: 2}',
      'environment: [B=3, C=4]',
      { environment: { A: '1', B: '3', C: '4' } },
    ],
    ['labels merge by name', 'labels: [a=1, b=2]', 'labels: {b: 3}', { labels: { a: '1', b: '3' } }],
    [
      'lists of values have each once',
      'cap_add: [KILL, CHOWN]',
      'cap_add: [CHOWN, MKNOD]',
      { cap_add: ['KILL', 'CHOWN', 'MKNOD'] },
    ],
    [
      'dns takes strings and lists',
      'dns: 1.1.1.1',
      'dns: [8.8.8.8, 1.1.1.1]',
      { dns: ['1.1.1.1', '8.8.8.8'] },
    ],
    [
      'plain lists are appended',
      'security_opt: [label=a]',
      'security_opt: [label=b]',
      { security_opt: ['label=a', 'label=b'] },
    ],
    [
      'build takes its short form as the context',
      'build: ./d',
      'build: {args: [A=1]}',
      { build: { context: '/p/d', dockerfile: 'Dockerfile', args: { A: '1' } } },
    ],
    [
      'ulimits replace single values',
      'ulimits: {nofile: 5}',
      'ulimits: {nofile: {soft: 1, hard: 2}}',
      { ulimits: { nofile: { soft: 1, hard: 2 } } },
    ],
    [
      'logging of another driver replaces',
      'logging: {driver: a, options: {x: "1"}}',
      'logging: {driver: b}',
      { logging: { driver: 'b' } },
    ],
    [
      'logging without a driver merges',
      'logging: {driver: a, options: {x: "1"}}',
      'logging: {options: {y: "2"}}',
      { logging: { driver: 'a', options: { x: '1', y: '2' } } },
    ],
    ['null keeps what was there', 'working_dir: /a', 'working_dir: ', { working_dir: '/a' }],
    [
      'extra hosts are appended, the same one once',
      'extra_hosts: {a: 1.1.1.1}',
      'extra_hosts: ["a=1.1.1.1", "b:2.2.2.2"]',
      { extra_hosts: ['a=1.1.1.1', 'b=2.2.2.2'] },
    ],
  ])('%s', async (_, base, over, result) => {
    expect(await merged(base, over)).toEqual(result);
  });

  it('merges address pools by subnet', async () => {
    const { project } = await loadFiles({
      '/p/compose.yaml':
        'services: {web: {image: x, networks: [n]}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}',
      '/p/compose.override.yaml':
        'networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.9}, {subnet: 10.1.0.0/24}]}}}',
    });
    expect(project!.networks.n!.ipam.config).toEqual([
      { subnet: '10.0.0.0/24', gateway: '10.0.0.9' },
      { subnet: '10.1.0.0/24' },
    ]);
  });

  it('merges the documents of one file like several files', async () => {
    const yaml = 'services: {web: {image: x, labels: {a: 1}}}\n---\nservices: {web: {labels: {b: 2}}}\n';
    expect(await canonicalOf(yaml)).toEqual({ labels: { a: '1', b: '2' } });
  });

  it('refuses a list over a mapping where no rule joins them', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {image: x, healthcheck: {test: a}}}',
      '/p/compose.override.yaml': 'services:\n  web:\n    healthcheck: [a]\n',
    };
    expect(await mistakesIn(files)).toEqual([
      '3:18 COMPOSE_MERGE: cannot override services.web.healthcheck: it is a mapping in the earlier file and a list here -> write it in the same form, or put !override before the value to replace all of it',
    ]);
  });

  const at = { source: makeSource('/f', ''), start: 0, end: 0 };
  const model = fc
    .dictionary(fc.constantFrom('a', 'b', 'c'), fc.dictionary(fc.constantFrom('x', 'y'), fc.integer()))
    .map((services) => ({ 'x-data': services }) as Json);
  const merge = (base: Json, over: Json): Json =>
    toJson(
      mergeModels(fromJson(base, at) as MapNode, fromJson(over, at) as MapNode, {
        problems: collectProblems(),
        mayHoldTags: true,
      }),
    );

  it('changes nothing when a model of mappings is laid over itself or over nothing', () => {
    fc.assert(
      fc.property(model, (tree) => {
        expect(merge(tree, tree)).toEqual(tree);
        expect(merge(tree, {})).toEqual(tree);
        expect(merge({}, tree)).toEqual(tree);
      }),
    );
  });

  it('gives the same for three files however they are grouped', () => {
    fc.assert(
      fc.property(model, model, model, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });
});

describe('!reset and !override', () => {
  it('take an item of a list out of their own list alone', async () => {
    const files = {
      '/p/compose.yaml': 'services: {web: {image: x, cap_add: [A, B]}}',
      '/p/compose.override.yaml': 'services: {web: {cap_add: [C, !reset D, !reset A]}}',
    };
    expect(await canonicalOf(files, { purpose: 'read' })).toEqual({ cap_add: ['A', 'B', 'C'] });
  });

  const base = {
    '/p/compose.yaml': `services:
  web:
    image: x
    ports: ["80:80"]
    environment: [A=1, B=2]
    deploy: {replicas: 2, resources: {limits: {cpus: "1"}}}
  other: {image: y}
`,
  };
  it('removes an attribute, an entry of one, or a whole service', async () => {
    const over = `services:
  web: {ports: !reset [], environment: {A: !reset null, C: "3"}, deploy: {resources: !reset null}}
  other: !reset null
`;
    const files = { ...base, '/p/compose.override.yaml': over };
    expect(await canonicalOf(files)).toEqual({
      environment: { B: '2', C: '3' },
      deploy: { replicas: 2, resources: {}, placement: {} },
    });
    expect(Object.keys((await loadFiles(files)).project!.services)).toEqual(['web']);
  });

  it('replaces all of an attribute instead of merging', async () => {
    const over = 'services: {web: {ports: !override ["90:90"], environment: !override {Z: "1"}}}';
    expect(await canonicalOf({ ...base, '/p/compose.override.yaml': over })).toMatchObject({
      ports: [{ target: 90 }],
      environment: { Z: '1' },
    });
  });
});

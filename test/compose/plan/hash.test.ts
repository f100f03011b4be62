import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../../src/compose/model/project.ts';
import { changedAttributes, formatDigests, parseDigests } from '../../../src/compose/plan/hash.ts';
import { configHash, whyDiverged } from '../../../src/compose/plan/index.ts';
import { project } from './model.ts';

const web = { image: 'nginx', environment: { A: '1', B: null }, deploy: { resources: {} } };

describe('the configuration hash', () => {
  test('is 64 hexadecimal digits and the same for the same service, whatever the order of its keys', () => {
    expect(configHash(web)).toMatch(/^[0-9a-f]{64}$/);
    expect(configHash({ deploy: { resources: {} }, environment: { B: null, A: '1' }, image: 'nginx' })).toBe(
      configHash(web),
    );
  });

  test.each<Record<string, Json>>([
    { build: { context: '.' } },
    { pull_policy: 'always' },
    { scale: 3 },
    { deploy: { resources: {}, replicas: 3 } },
    { depends_on: { db: {} } },
    { profiles: ['x'] },
  ])('does not change with %o', (attribute) => {
    expect(configHash({ ...web, ...attribute })).toBe(configHash(web));
  });

  test.each<Record<string, Json>>([
    { image: 'nginx:2' },
    { environment: { A: '2', B: null } },
    { environment: { A: '1' } },
    { deploy: { resources: { limits: { cpus: 1 } } } },
    { command: [] },
  ])('changes with %o', (attribute) => {
    expect(configHash({ ...web, ...attribute })).not.toBe(configHash(web));
  });

  test('keeps the order of lists', () => {
    expect(configHash({ command: ['a', 'b'] })).not.toBe(configHash({ command: ['b', 'a'] }));
  });
});

test('digests of attributes are read back as they were written', () => {
  const names = fc.stringMatching(/^[a-z_ ]{1,20}$/);
  const digests = fc.dictionary(names, fc.stringMatching(/^[0-9a-f]{8}$/), { noNullPrototype: true });
  fc.assert(
    fc.property(digests, (written) => {
      expect(parseDigests(formatDigests(written))).toEqual(written);
    }),
  );
});

test('an attribute has changed when it is new, gone or different', () => {
  expect(changedAttributes({ a: '1', b: '2', c: '3' }, { b: '2', c: '4', d: '5' })).toEqual(['a', 'c', 'd']);
});

describe('the reason of a difference', () => {
  const shop = project({ services: { web: { image: 'nginx' } } });
  const service = shop.services.web!;
  const made = (label?: string) => ({
    configHash: 'other',
    labels: label === undefined ? {} : { 'tscompose.config': label },
  });

  test('names up to three attributes', () => {
    expect(whyDiverged(shop, service, made('command=1;image=2'))).toBe('command, image changed');
    expect(whyDiverged(shop, service, made('cap_add=1;command=1;image=1;tty=1;user=1'))).toBe(
      'cap_add, command, image and 2 more changed',
    );
  });

  test('is general for a container that something else labelled', () => {
    expect(whyDiverged(shop, service, made())).toBe('configuration changed');
    expect(
      whyDiverged(shop, service, { configHash: configHash(service.canonical), labels: {} }),
    ).toBeUndefined();
  });
});

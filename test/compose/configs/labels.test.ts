import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using, warningsIn } from '../load/loading.ts';

describe('configs.labels', () => {
  it.each(['{b: , a: 1, c: $V}', '[b, a=1, "c=$V"]'])(
    'is a mapping or a list, whose values become text: %s',
    async (labels) => {
      const yaml = using('configs', `{environment: T, labels: ${labels}}`);
      expect((await configOf(yaml, { env: { V: 'value' } })).configs).toEqual({
        one: { name: 'p_one', environment: 'T', labels: { a: '1', b: '', c: 'value' } },
      });
    },
  );

  it('has no effect in this version, and says so', async () => {
    expect(await warningsIn(using('configs', '{environment: T, labels: [a=1]}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: configs.labels',
    ]);
  });

  it('merges by name, whatever the form', async () => {
    const files = overridden(
      using('configs', '{environment: T, labels: [a=1, b=2]}'),
      using('configs', '{labels: {b: 3, c: 4}}'),
    );
    expect((await configOf(files)).configs).toEqual({
      one: { name: 'p_one', environment: 'T', labels: { a: '1', b: '3', c: '4' } },
    });
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(using('configs', '{environment: T, labels: a}'))).toEqual(['2:33 COMPOSE_TYPE']);
    expect(await placesIn(using('configs', '{environment: T, labels: [1]}'))).toEqual(['2:34 COMPOSE_TYPE']);
    expect(await placesIn(using('configs', '{environment: T, labels: {a: [1]}}'))).toEqual([
      '2:34 COMPOSE_TYPE',
    ]);
  });
});

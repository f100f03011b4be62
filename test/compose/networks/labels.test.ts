import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.labels', () => {
  it.each(['{b: , a: 1, c: $V}', '[b, a=1, "c=$V"]'])(
    'is a mapping or a list, whose values become text: %s',
    async (labels) => {
      const yaml = using('networks', `{labels: ${labels}}`);
      expect((await configOf(yaml, { env: { V: 'value' } })).networks).toEqual({
        one: { name: 'p_one', ipam: {}, labels: { a: '1', b: '', c: 'value' } },
      });
    },
  );

  it('is given to the network', async () => {
    expect((await projectOf(using('networks', '{labels: [a=1]}'))).networks.one!.labels).toEqual({ a: '1' });
  });

  it('merges by name, whatever the form', async () => {
    const files = overridden(
      using('networks', '{labels: [a=1, b=2]}'),
      using('networks', '{labels: {b: 3, c: 4}}'),
    );
    expect((await configOf(files)).networks).toEqual({
      one: { name: 'p_one', ipam: {}, labels: { a: '1', b: '3', c: '4' } },
    });
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(using('networks', '{labels: a}'))).toEqual(['2:17 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{labels: [1]}'))).toEqual(['2:18 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{labels: {a: [1]}}'))).toEqual(['2:18 COMPOSE_TYPE']);
  });
});

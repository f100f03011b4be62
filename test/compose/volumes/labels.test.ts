import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('volumes.labels', () => {
  it.each(['{b: , a: 1, c: $V}', '[b, a=1, "c=$V"]'])(
    'is a mapping or a list, whose values become text: %s',
    async (labels) => {
      const yaml = using('volumes', `{labels: ${labels}}`);
      expect((await configOf(yaml, { env: { V: 'value' } })).volumes).toEqual({
        one: { name: 'p_one', labels: { a: '1', b: '', c: 'value' } },
      });
    },
  );

  it('is given to the volume', async () => {
    expect((await projectOf(using('volumes', '{labels: [a=1]}'))).volumes.one!.labels).toEqual({ a: '1' });
  });

  it('merges by name, whatever the form', async () => {
    const files = overridden(
      using('volumes', '{labels: [a=1, b=2]}'),
      using('volumes', '{labels: {b: 3, c: 4}}'),
    );
    expect((await configOf(files)).volumes).toEqual({
      one: { name: 'p_one', labels: { a: '1', b: '3', c: '4' } },
    });
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(using('volumes', '{labels: a}'))).toEqual(['2:17 COMPOSE_TYPE']);
    expect(await placesIn(using('volumes', '{labels: [1]}'))).toEqual(['2:18 COMPOSE_TYPE']);
    expect(await placesIn(using('volumes', '{labels: {a: [1]}}'))).toEqual(['2:18 COMPOSE_TYPE']);
  });
});

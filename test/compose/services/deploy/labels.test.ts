import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, warningsIn, web } from '../../load/loading.ts';

describe('deploy.labels', () => {
  it.each(['{b: , a: 1, c: $V}', '[b, a=1, "c=$V"]'])(
    'is a mapping or a list, whose values become text: %s',
    async (labels) => {
      expect(await canonicalOf(web(`deploy: {labels: ${labels}}`), { env: { V: 'value' } })).toEqual({
        deploy: { labels: { a: '1', b: '', c: 'value' }, resources: {}, placement: {} },
      });
    },
  );

  it('merges by name, whatever the form', async () => {
    expect(await mergedOf('deploy: {labels: [a=1, b=2]}', 'deploy: {labels: {b: 3, c: 4}}')).toEqual({
      deploy: { labels: { a: '1', b: '3', c: '4' }, resources: {}, placement: {} },
    });
  });

  it('is of the service in a cluster, and no label of its containers', async () => {
    const yaml = web('deploy: {labels: [a=1]}');
    expect((await serviceOf(yaml)).labels).toEqual({});
    expect(await warningsIn(yaml)).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.labels',
    ]);
  });

  it('is a mapping of single values or a list of texts', async () => {
    expect(await placesIn(web('deploy: {labels: a}'))).toEqual(['4:22 COMPOSE_TYPE']);
    expect(await placesIn(web('deploy: {labels: [1]}'))).toEqual(['4:23 COMPOSE_TYPE']);
  });
});

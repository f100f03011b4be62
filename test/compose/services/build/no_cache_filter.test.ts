import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.no_cache_filter', () => {
  it.each([
    ['assets', ['assets']],
    ['[assets, $STAGE]', ['assets', 'app']],
  ])('names one stage or several that are built anew: %s', async (written, stages) => {
    expect(await canonicalOf(web(`build: {no_cache_filter: ${written}}`), { env: { STAGE: 'app' } })).toEqual(
      {
        build: { context: '/p', dockerfile: 'Dockerfile', no_cache_filter: stages },
      },
    );
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {no_cache_filter: [a]}', 'build: {no_cache_filter: [b]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', no_cache_filter: ['a', 'b'] },
    });
  });

  it('is a text or a list of texts', async () => {
    expect(await placesIn(web('build: {no_cache_filter: 1}'))).toEqual(['4:30 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {no_cache_filter: [a, 1]}'))).toEqual(['4:34 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.cache_to', () => {
  it('names where cached layers are kept, as it is written', async () => {
    const yaml = web('build: {cache_to: ["type=local,dest=./cache", "$REPO:cache"]}');
    expect(await canonicalOf(yaml, { env: { REPO: 'registry/app' } })).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        cache_to: ['type=local,dest=./cache', 'registry/app:cache'],
      },
    });
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {cache_to: [a]}', 'build: {cache_to: [b, a]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', cache_to: ['a', 'b', 'a'] },
    });
  });

  it('is a list of texts', async () => {
    expect(await placesIn(web('build: {cache_to: a}'))).toEqual(['4:23 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {cache_to: [1]}'))).toEqual(['4:24 COMPOSE_TYPE']);
  });
});

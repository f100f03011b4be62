import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.cache_from', () => {
  it('names where cached layers are looked for, as it is written', async () => {
    const yaml = web('build: {cache_from: ["type=local,src=./cache", "$REPO:cache"]}');
    expect(await canonicalOf(yaml, { env: { REPO: 'registry/app' } })).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        cache_from: ['type=local,src=./cache', 'registry/app:cache'],
      },
    });
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {cache_from: [a]}', 'build: {cache_from: [b, a]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', cache_from: ['a', 'b', 'a'] },
    });
  });

  it('is a list of texts', async () => {
    expect(await placesIn(web('build: {cache_from: a}'))).toEqual(['4:25 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {cache_from: [1]}'))).toEqual(['4:26 COMPOSE_TYPE']);
  });
});

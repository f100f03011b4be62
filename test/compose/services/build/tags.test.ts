import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.tags', () => {
  it('names the image a second time, and more often', async () => {
    const yaml = web('build: {tags: [registry/app:1, "registry/app:$VERSION"]}');
    expect(await canonicalOf(yaml, { env: { VERSION: '1.2' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', tags: ['registry/app:1', 'registry/app:1.2'] },
    });
  });

  it('is added to by a later list, each tag once', async () => {
    expect(await mergedOf('build: {tags: [a, b]}', 'build: {tags: [c, a]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', tags: ['a', 'b', 'c'] },
    });
  });

  it('is a list of texts', async () => {
    expect(await placesIn(web('build: {tags: a}'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {tags: [1.2]}'))).toEqual(['4:20 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.dockerfile', () => {
  it('is Dockerfile when neither it nor an inline one is written, or nothing is left of it', async () => {
    expect(await canonicalOf(web('build: {dockerfile: $NONE}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
    expect(await canonicalOf(web('build: .'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('stays as it is written: it is relative to the context', async () => {
    expect(
      await canonicalOf(web('build: {context: app, dockerfile: docker/$KIND.dev}'), { env: { KIND: 'web' } }),
    ).toEqual({ build: { context: '/p/app', dockerfile: 'docker/web.dev' } });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {dockerfile: A}', 'build: {dockerfile: B}')).toEqual({
      build: { context: '/p', dockerfile: 'B' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(web('build: {dockerfile: 1}'))).toEqual(['4:25 COMPOSE_TYPE']);
  });

  it('excludes an inline one', async () => {
    expect(await mistakesIn(web('build: {dockerfile: D, dockerfile_inline: FROM x}'))).toEqual([
      '4:28 COMPOSE_CONFLICT: service "web" declares mutually exclusive dockerfile and dockerfile_inline -> keep one of the two',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, projectOf, web } from '../../load/loading.ts';

describe('build.dockerfile', () => {
  it('is Dockerfile when neither it nor an inline one is written', async () => {
    expect(await canonicalOf(web('build: .'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it.each(['dockerfile: $NONE', 'dockerfile_inline: $NONE', 'dockerfile: "", dockerfile_inline: ""'])(
    'is not printed when nothing is left of it: %s',
    async (written) => {
      const { canonical } = await projectOf(web(`build: {${written}}`), { purpose: 'read' });
      expect(canonical.services).toMatchObject({ web: { build: { context: '/p' } } });
      expect(JSON.stringify(canonical)).not.toContain('dockerfile');
    },
  );

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

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.target', () => {
  it.each(['assets', '$VALUE'])('is the stage that is built: %s', async (value) => {
    expect(await canonicalOf(web(`build: {target: ${value}}`), { env: { VALUE: 'assets' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', target: 'assets' },
    });
  });

  it('is not printed when it is empty', async () => {
    expect(await canonicalOf(web('build: {target: ""}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {target: a}', 'build: {target: b}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', target: 'b' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(web('build: {target: 1}'))).toEqual(['4:21 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.network', () => {
  it.each(['host', '$VALUE'])('is the network of the steps that run: %s', async (value) => {
    expect(await canonicalOf(web(`build: {network: ${value}}`), { env: { VALUE: 'host' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', network: 'host' },
    });
  });

  it('is not printed when it is empty', async () => {
    expect(await canonicalOf(web('build: {network: ""}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {network: a}', 'build: {network: b}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', network: 'b' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(web('build: {network: 1}'))).toEqual(['4:22 COMPOSE_TYPE']);
  });
});

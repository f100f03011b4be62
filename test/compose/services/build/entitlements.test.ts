import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../../load/loading.ts';

describe('build.entitlements', () => {
  it('lists what a build may do beyond the usual', async () => {
    const yaml = web('build: {entitlements: [network.host, $MORE]}');
    expect(await canonicalOf(yaml, { env: { MORE: 'security.insecure' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', entitlements: ['network.host', 'security.insecure'] },
    });
  });

  it('is not printed when it is empty', async () => {
    expect(await canonicalOf(web('build: {entitlements: []}'))).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {entitlements: [a, b]}', 'build: {entitlements: [c, a]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', entitlements: ['a', 'b', 'c', 'a'] },
    });
  });

  it('is a list of texts', async () => {
    expect(await placesIn(web('build: {entitlements: network.host}'))).toEqual(['4:27 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {entitlements: [a, 1]}'))).toEqual(['4:31 COMPOSE_TYPE']);
  });
});

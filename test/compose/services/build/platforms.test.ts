import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.platforms', () => {
  it('lists what the image is built for', async () => {
    const yaml = web('build: {platforms: [linux/amd64, "linux/$ARCH"]}', 'platform: linux/arm64');
    expect(await canonicalOf(yaml, { env: { ARCH: 'arm64' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', platforms: ['linux/amd64', 'linux/arm64'] },
      platform: 'linux/arm64',
    });
  });

  it('is appended to by a later list', async () => {
    expect(await mergedOf('build: {platforms: [a/b]}', 'build: {platforms: [c/d]}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', platforms: ['a/b', 'c/d'] },
    });
  });

  it('holds the platform that the service runs on', async () => {
    expect(await mistakesIn(web('build: {platforms: [linux/arm64]}', 'platform: linux/amd64'))).toEqual([
      '5:15 COMPOSE_CONFLICT: service.build.platforms MUST include service.platform "linux/amd64" -> add linux/amd64 to build.platforms',
    ]);
  });

  it('is a list of texts', async () => {
    expect(await placesIn(web('build: {platforms: linux/amd64}'))).toEqual(['4:24 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {platforms: [1]}'))).toEqual(['4:25 COMPOSE_TYPE']);
  });
});

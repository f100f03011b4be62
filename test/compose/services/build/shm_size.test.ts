import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.shm_size', () => {
  it.each([
    ['64m', '67108864'],
    ['1.5gb', '1610612736'],
    ['1024', '1024'],
    ['"1024"', '1024'],
    ['$SIZE', '2048'],
  ])('is a number of bytes or a size, and is printed in bytes: %s', async (size, bytes) => {
    expect(await canonicalOf(web(`build: {shm_size: ${size}}`), { env: { SIZE: '2k' } })).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', shm_size: bytes },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {shm_size: 1m}', 'build: {shm_size: 1k}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', shm_size: '1024' },
    });
  });

  it('is refused when it is no size', async () => {
    expect(await placesIn(web('build: {shm_size: true}'))).toEqual(['4:23 COMPOSE_TYPE']);
    expect(await mistakesIn(web('build: {shm_size: lots}'))).toEqual([
      '4:23 COMPOSE_SIZE: services.web.build.shm_size: invalid size "lots" -> write it like 512k, 64m or 1.5gb',
    ]);
  });
});

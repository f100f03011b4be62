import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('shm_size', () => {
  it.each([
    ['67108864', '67108864'],
    ['64m', '67108864'],
    ['"2 GiB"', '2147483648'],
    ['512b', '512'],
  ])('%s is printed in bytes, as text', async (written, printed) => {
    expect(await canonicalOf(web(`shm_size: ${written}`))).toEqual({ shm_size: printed });
  });

  it('is the size of /dev/shm, which the engine chooses when it is 0 or absent', async () => {
    expect((await serviceOf(web('shm_size: 1m'))).shmSizeBytes).toBe(1048576);
    expect((await serviceOf(web('shm_size: 0'))).shmSizeBytes).toBeUndefined();
    expect((await serviceOf(web())).shmSizeBytes).toBeUndefined();
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('shm_size: 1g'), web('shm_size: ${MIB}m'));
    expect(await canonicalOf(files, { env: { MIB: '2' } })).toEqual({ shm_size: '2097152' });
    expect(await canonicalOf(extending('shm_size: 1g', 'shm_size: 1k'))).toEqual({ shm_size: '1024' });
  });

  it('is refused where it is no size, or less than nothing', async () => {
    expect(await mistakesIn(web('shm_size: 64 megs'))).toEqual([
      '4:15 COMPOSE_SIZE: services.web.shm_size: invalid size "64 megs" -> write it like 512k, 64m or 1.5gb',
    ]);
    expect(await mistakesIn(web('shm_size: -1'))).toEqual([
      '4:15 COMPOSE_VALUE: services.web.shm_size: shared memory cannot be smaller than nothing -> write a size such as 64m',
    ]);
    expect(await placesIn(web('shm_size: {size: 1m}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

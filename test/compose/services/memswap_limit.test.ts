import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('memswap_limit', () => {
  it.each([
    ['1g', '1073741824'],
    ['1073741824', '1073741824'],
    ['"1.5 gb"', '1610612736'],
    ['-1', '-1'],
    ['"-1"', '-1'],
  ])('%s is memory and swap together, printed in bytes as text', async (written, printed) => {
    expect(await canonicalOf(web('mem_limit: 64m', `memswap_limit: ${written}`))).toEqual({
      mem_limit: '67108864',
      memswap_limit: printed,
    });
  });

  it('is no limit as -1, and as much swap as memory when it is 0 or absent', async () => {
    expect((await serviceOf(web('memswap_limit: -1'))).resources).toEqual({ memorySwapBytes: -1 });
    expect(await canonicalOf(web('memswap_limit: 0'))).toEqual({});
    expect((await serviceOf(web('mem_limit: 64m'))).resources).toEqual({ memoryBytes: 67108864 });
  });

  it('may be a variable, and is replaced by an override', async () => {
    const files = overridden(web('memswap_limit: 1g'), web('memswap_limit: ${SWAP}'));
    expect(await canonicalOf(files, { env: { SWAP: '-1' } })).toEqual({ memswap_limit: '-1' });
  });

  it('counts beside a limit that comes from the service it extends', async () => {
    expect(await canonicalOf(extending('mem_limit: 64m', 'memswap_limit: 128m'))).toEqual({
      mem_limit: '67108864',
      memswap_limit: '134217728',
    });
  });

  it('needs a limit of memory beside it, and is not below it', async () => {
    expect(await mistakesIn(web('memswap_limit: 64m'))).toEqual([
      '4:20 COMPOSE_VALUE: services.web.memswap_limit: it needs a memory limit beside it -> add `mem_limit:`, or take it out',
    ]);
    expect(await mistakesIn(web('mem_limit: 64m', 'memswap_limit: 63m'))).toEqual([
      '5:20 COMPOSE_VALUE: services.web.memswap_limit: 63m is below the memory limit 64m -> it counts memory and swap together: write mem_limit plus the swap you want',
    ]);
    expect(await mistakesIn(web('memswap_limit: 64m'), { purpose: 'read' })).toEqual([]);
  });

  it('is refused where it is no size', async () => {
    expect(await placesIn(web('memswap_limit: swap'))).toEqual(['4:20 COMPOSE_SIZE']);
    expect(await placesIn(web('memswap_limit: true'))).toEqual(['4:20 COMPOSE_TYPE']);
  });
});

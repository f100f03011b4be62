import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('mem_limit', () => {
  it.each([
    ['67108864', '67108864'],
    ['"67108864"', '67108864'],
    ['65536k', '67108864'],
    ['64m', '67108864'],
    ['64MB', '67108864'],
    ['64 MiB', '67108864'],
    ['1.5g', '1610612736'],
    ['1t', '1099511627776'],
    ['8388608b', '8388608'],
  ])('%s is printed in bytes, as text', async (written, printed) => {
    expect(await canonicalOf(web(`mem_limit: ${written}`))).toEqual({ mem_limit: printed });
  });

  it('is unlimited when it is 0 or absent', async () => {
    expect(await canonicalOf(web('mem_limit: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('mem_limit: 64m'))).resources).toEqual({ memoryBytes: 67108864 });
  });

  it('may hold variables', async () => {
    const env = { GIB: '2' };
    expect(await canonicalOf(web('mem_limit: ${GIB}g'), { env })).toEqual({ mem_limit: '2147483648' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    const limit = { mem_limit: '33554432' };
    expect(await canonicalOf(overridden(web('mem_limit: 1g'), web('mem_limit: 32m')))).toEqual(limit);
    expect(await canonicalOf(extending('mem_limit: 1g', 'mem_limit: 32m'))).toEqual(limit);
  });

  it('agrees with deploy.resources.limits.memory, in whatever unit, or is refused', async () => {
    const both = (memory: string) =>
      web('mem_limit: 1g', `deploy: {resources: {limits: {memory: ${memory}}}}`);
    expect((await serviceOf(both('1024m'))).resources).toEqual({ memoryBytes: 1073741824 });
    expect(await mistakesIn(both('2g'))).toEqual([
      "4:16 COMPOSE_CONFLICT: services.web: can't set distinct values on 'mem_limit' and 'deploy.resources.limits.memory' -> keep one of the two",
    ]);
  });

  it('contradicts deploy.resources.limits without memory, which stand for no limit', async () => {
    const deploy = 'deploy: {resources: {limits: {cpus: "0.5"}}}';
    expect(await mistakesIn(web('mem_limit: 1g', deploy))).toEqual([
      "4:16 COMPOSE_CONFLICT: services.web: can't set distinct values on 'mem_limit' and 'deploy.resources.limits.memory' -> write it as `deploy.resources.limits.memory` instead",
    ]);
    expect(await mistakesIn(web('mem_limit: 0', deploy))).toEqual([]);
    const reserved = 'deploy: {resources: {reservations: {memory: 64m}}}';
    expect(await mistakesIn(web('mem_limit: 1g', reserved))).toEqual([]);
  });

  it('is refused where it is no size, or too little to start anything', async () => {
    expect(await mistakesIn(web('mem_limit: lots'))).toEqual([
      '4:16 COMPOSE_SIZE: services.web.mem_limit: invalid size "lots" -> write it like 512k, 64m or 1.5gb',
    ]);
    expect(await mistakesIn(web('mem_limit: 5m'))).toEqual([
      '4:16 COMPOSE_VALUE: services.web.mem_limit: 5m is too little memory to start a container -> write 6m at least',
    ]);
    expect(await placesIn(web('mem_limit: [64m]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

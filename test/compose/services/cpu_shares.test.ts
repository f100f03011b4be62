import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cpu_shares', () => {
  it('is a whole number, quoted or out of a variable too; a fraction is cut off', async () => {
    for (const written of ['512', '"512"', '${WEIGHT}', '${NONE:-512}', '512.9']) {
      expect(await canonicalOf(web(`cpu_shares: ${written}`), { env: { WEIGHT: '512' } })).toEqual({
        cpu_shares: 512,
      });
    }
  });

  it('is as much as every other container has when nothing, or zero, is said', async () => {
    expect(await canonicalOf(web('cpu_shares: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('cpu_shares: 512'))).resources).toEqual({ cpuShares: 512 });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_shares: 2', 'cpu_shares: 3')).toEqual({ cpu_shares: 3 });
  });

  it('is refused where it is no number', async () => {
    expect(await mistakesIn(web('cpu_shares: half'))).toEqual([
      '4:17 COMPOSE_TYPE: services.web.cpu_shares: "half" is no whole number -> write a whole number',
    ]);
    expect(await placesIn(web('cpu_shares: true'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('cpu_shares: {a: 1}'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

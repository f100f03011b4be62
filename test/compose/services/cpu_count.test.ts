import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('cpu_count', () => {
  it('is a whole number, quoted or out of a variable too', async () => {
    for (const written of ['2', '"2"', '${CPUS}', '${NONE:-2}']) {
      expect(await canonicalOf(web(`cpu_count: ${written}`), { env: { CPUS: '2' } })).toEqual({
        cpu_count: 2,
      });
    }
  });

  it('is absent when nothing, or zero, is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect(await canonicalOf(web('cpu_count: 0'))).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_count: 2', 'cpu_count: 3')).toEqual({ cpu_count: 3 });
  });

  it('is carried along and warned of: it is a matter of Windows', async () => {
    expect(await withoutEffectIn(web('cpu_count: 2'))).toEqual(['services.cpu_count']);
  });

  it('is refused below zero, with a fraction, and where it is no number', async () => {
    expect(await placesIn(web('cpu_count: -1'))).toEqual(['4:16 COMPOSE_VALUE']);
    expect(await placesIn(web('cpu_count: 1.5'))).toEqual(['4:16 COMPOSE_TYPE']);
    expect(await placesIn(web('cpu_count: [2]'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await mistakesIn(web('cpu_count: two'))).toEqual([
      '4:16 COMPOSE_TYPE: services.web.cpu_count: "two" is no whole number -> write a whole number',
    ]);
  });
});

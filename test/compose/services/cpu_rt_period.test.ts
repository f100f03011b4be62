import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('cpu_rt_period', () => {
  it('is a whole number of microseconds, quoted or out of a variable too', async () => {
    for (const written of ['950000', '"950000"', '${US}', '${NONE:-950000}', '950000.9']) {
      expect(await canonicalOf(web(`cpu_rt_period: ${written}`), { env: { US: '950000' } })).toEqual({
        cpu_rt_period: 950000,
      });
    }
  });

  it('is absent when nothing, or zero, is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect(await canonicalOf(web('cpu_rt_period: 0'))).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_rt_period: 20000', 'cpu_rt_period: 30000')).toEqual({ cpu_rt_period: 30000 });
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('cpu_rt_period: 950000'))).toEqual(['services.cpu_rt_period']);
  });

  it('is refused where it is no number: durations such as 95ms are none, to Docker Compose neither', async () => {
    expect(await mistakesIn(web('cpu_rt_period: 95ms'))).toEqual([
      '4:20 COMPOSE_TYPE: services.web.cpu_rt_period: "95ms" is no whole number -> write a whole number',
    ]);
    expect(await placesIn(web('cpu_rt_period: true'))).toEqual(['4:20 COMPOSE_TYPE']);
    expect(await placesIn(web('cpu_rt_period: [1]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web, withoutEffectIn } from '../load/loading.ts';

describe('cpu_percent', () => {
  it('is a whole number from 0 to 100, quoted or out of a variable too', async () => {
    for (const written of ['50', '"50"', '${SHARE}', '${NONE:-50}']) {
      expect(await canonicalOf(web(`cpu_percent: ${written}`), { env: { SHARE: '50' } })).toEqual({
        cpu_percent: 50,
      });
    }
    expect(await canonicalOf(web('cpu_percent: 100'))).toEqual({ cpu_percent: 100 });
  });

  it('is absent when nothing, or zero, is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect(await canonicalOf(web('cpu_percent: 0'))).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_percent: 20', 'cpu_percent: 30')).toEqual({ cpu_percent: 30 });
  });

  it('is carried along and warned of: it is a matter of Windows', async () => {
    expect(await withoutEffectIn(web('cpu_percent: 50'))).toEqual(['services.cpu_percent']);
  });

  it('is refused outside of 0 to 100, with a fraction, and where it is no number', async () => {
    expect(await placesIn(web('cpu_percent: -1'))).toEqual(['4:18 COMPOSE_VALUE']);
    expect(await placesIn(web('cpu_percent: "101"'))).toEqual(['4:18 COMPOSE_VALUE']);
    expect(await placesIn(web('cpu_percent: 12.5'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('cpu_percent: {a: 1}'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await mistakesIn(web('cpu_percent: half'))).toEqual([
      '4:18 COMPOSE_TYPE: services.web.cpu_percent: "half" is no number -> write a number such as 0.5',
    ]);
  });
});

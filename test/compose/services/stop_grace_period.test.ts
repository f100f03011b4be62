import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('stop_grace_period', () => {
  it.each([
    ['90s', '1m30s', 90_000],
    ['1m30s', '1m30s', 90_000],
    ['1h1m1s1ms', '1h1m1.001s', 3_661_001],
    ['1500ms', '1.5s', 1500],
    ['1d', '24h0m0s', 86_400_000],
    ['0s', '0s', 0],
    ['"0"', '0s', 0],
  ])('%s is printed as %s', async (written, printed, ms) => {
    const yaml = web(`stop_grace_period: ${written}`);
    expect(await canonicalOf(yaml)).toEqual({ stop_grace_period: printed });
    expect((await serviceOf(yaml)).stopGracePeriodMs).toBe(ms);
  });

  it('is ten seconds, and not printed, when nothing is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).stopGracePeriodMs).toBeUndefined();
  });

  it('may hold variables, and is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('stop_grace_period: 1s'), web('stop_grace_period: ${SECONDS}s'));
    expect(await canonicalOf(files, { env: { SECONDS: '2' } })).toEqual({ stop_grace_period: '2s' });
    const extended = extending('stop_grace_period: 1s', 'stop_grace_period: 3s');
    expect(await canonicalOf(extended)).toEqual({ stop_grace_period: '3s' });
  });

  it('is refused without a unit, and where it is no duration', async () => {
    expect(await mistakesIn(web('stop_grace_period: "10"'))).toEqual([
      '4:24 COMPOSE_DURATION: services.web.stop_grace_period: invalid duration "10" -> write a unit: 10s',
    ]);
    expect(await mistakesIn(web('stop_grace_period: -5s'))).toEqual([
      '4:24 COMPOSE_VALUE: services.web.stop_grace_period: -5s is no time to wait -> write 0s or more, such as 30s',
    ]);
    expect(await placesIn(web('stop_grace_period: soon'))).toEqual(['4:24 COMPOSE_DURATION']);
    expect(await placesIn(web('stop_grace_period: 10'))).toEqual(['4:24 COMPOSE_TYPE']);
  });
});

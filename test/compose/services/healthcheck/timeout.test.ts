import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

describe('healthcheck.timeout', () => {
  it.each([
    ['30s', '30s', 30_000],
    ['90s', '1m30s', 90_000],
    ['1.5s', '1.5s', 1500],
    ['500ms', '500ms', 500],
    ['1d', '24h0m0s', 86_400_000],
    ['"0"', '0s', 0],
    ['$TIME', '2m0s', 120_000],
  ])('is the time that a check may take, a duration: %s', async (written, printed, milliseconds) => {
    const yaml = web(`healthcheck: {timeout: ${written}}`);
    const env = { TIME: '2m' };
    expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { timeout: printed } });
    expect((await serviceOf(yaml, { env })).healthcheck).toEqual({
      kind: 'enabled',
      timeoutMs: milliseconds,
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {timeout: 5s}', 'healthcheck: {timeout: 7s}')).toEqual({
      healthcheck: { timeout: '7s' },
    });
  });

  it('is refused when it is no duration, or shorter than engines count', async () => {
    expect(await placesIn(web('healthcheck: {timeout: 5}'))).toEqual(['4:28 COMPOSE_TYPE']);
    expect(await mistakesIn(web('healthcheck: {timeout: soon}'))).toEqual([
      '4:28 COMPOSE_DURATION: services.web.healthcheck.timeout: invalid duration "soon" -> write it like 30s, 1m30s or 500ms',
    ]);
    expect(await mistakesIn(web('healthcheck: {timeout: 100us}'))).toEqual([
      '4:28 COMPOSE_VALUE: services.web.healthcheck.timeout: 100us is shorter than a millisecond -> write it like 30s or 500ms',
    ]);
    expect(await mistakesIn(web('healthcheck: {timeout: -5s}'))).toEqual([
      '4:28 COMPOSE_VALUE: services.web.healthcheck.timeout: -5s is shorter than a millisecond -> write it like 30s or 500ms',
    ]);
  });
});

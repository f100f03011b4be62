import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';
import { durations, noTimes } from '../spellings.ts';

describe('healthcheck.interval', () => {
  it.each(durations)(
    'is the time between two checks, a duration: %s',
    async (written, printed, milliseconds) => {
      const yaml = web(`healthcheck: {interval: ${written}}`);
      const env = { TIME: '2m' };
      expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { interval: printed } });
      expect((await serviceOf(yaml, { env })).healthcheck).toEqual({
        kind: 'enabled',
        intervalMs: milliseconds,
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {interval: 5s}', 'healthcheck: {interval: 7s}')).toEqual({
      healthcheck: { interval: '7s' },
    });
  });

  it.each(noTimes)('is a duration of a millisecond at least, which %s is not', async (written, code) => {
    expect(await placesIn(web('healthcheck:', '  interval:', `    ${written}`))).toEqual([`6:9 ${code}`]);
  });

  it('is refused with what to write', async () => {
    expect(await mistakesIn(web('healthcheck: {interval: soon}'))).toEqual([
      '4:29 COMPOSE_DURATION: services.web.healthcheck.interval: invalid duration "soon" -> write it like 30s, 1m30s or 500ms',
    ]);
    expect(await mistakesIn(web('healthcheck: {interval: "30"}'))).toEqual([
      '4:29 COMPOSE_DURATION: services.web.healthcheck.interval: invalid duration "30" -> write a unit: 30s',
    ]);
    expect(await mistakesIn(web('healthcheck: {interval: 100us}'))).toEqual([
      '4:29 COMPOSE_VALUE: services.web.healthcheck.interval: 100us is shorter than a millisecond -> write it like 30s or 500ms',
    ]);
  });
});

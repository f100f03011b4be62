import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../../load/loading.ts';
import { durations, noTimes } from '../spellings.ts';

describe('healthcheck.start_period', () => {
  it.each(durations)(
    'is the time in which failures do not count, a duration: %s',
    async (written, printed, milliseconds) => {
      const yaml = web(`healthcheck: {start_period: ${written}}`);
      const env = { TIME: '2m' };
      expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { start_period: printed } });
      expect((await serviceOf(yaml, { env })).healthcheck).toEqual({
        kind: 'enabled',
        startPeriodMs: milliseconds,
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {start_period: 5s}', 'healthcheck: {start_period: 7s}')).toEqual({
      healthcheck: { start_period: '7s' },
    });
  });

  it.each(noTimes)('is a duration of a millisecond at least, which %s is not', async (written, code) => {
    expect(await placesIn(web('healthcheck:', '  start_period:', `    ${written}`))).toEqual([`6:9 ${code}`]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../../load/loading.ts';
import { durations, noTimes } from '../spellings.ts';

describe('healthcheck.start_interval', () => {
  it.each(durations)(
    'is the time between two checks while the container starts, a duration: %s',
    async (written, printed, milliseconds) => {
      const yaml = web(`healthcheck: {start_interval: ${written}}`);
      const env = { TIME: '2m' };
      expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { start_interval: printed } });
      expect((await serviceOf(yaml, { env })).healthcheck).toEqual({
        kind: 'enabled',
        startIntervalMs: milliseconds,
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {start_interval: 5s}', 'healthcheck: {start_interval: 7s}')).toEqual({
      healthcheck: { start_interval: '7s' },
    });
  });

  it.each(noTimes)('is a duration of a millisecond at least, which %s is not', async (written, code) => {
    expect(await placesIn(web('healthcheck:', '  start_interval:', `    ${written}`))).toEqual([
      `6:9 ${code}`,
    ]);
  });
});

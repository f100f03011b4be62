import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../../load/loading.ts';
import { durations, noTimes } from '../spellings.ts';

describe('healthcheck.timeout', () => {
  it.each(durations)(
    'is the time that a check may take, a duration: %s',
    async (written, printed, milliseconds) => {
      const yaml = web(`healthcheck: {timeout: ${written}}`);
      const env = { TIME: '2m' };
      expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { timeout: printed } });
      expect((await serviceOf(yaml, { env })).healthcheck).toEqual({
        kind: 'enabled',
        timeoutMs: milliseconds,
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {timeout: 5s}', 'healthcheck: {timeout: 7s}')).toEqual({
      healthcheck: { timeout: '7s' },
    });
  });

  it.each(noTimes)('is a duration of a millisecond at least, which %s is not', async (written, code) => {
    expect(await placesIn(web('healthcheck:', '  timeout:', `    ${written}`))).toEqual([`6:9 ${code}`]);
  });
});

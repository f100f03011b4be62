import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

describe('healthcheck.retries', () => {
  it.each([
    ['3', 3],
    ['"3"', 3],
    ['$COUNT', 7],
    ['0', 0],
    ['2.9', 2],
  ])('is a whole number: %s', async (written, retries) => {
    const yaml = web(`healthcheck: {retries: ${written}}`);
    const env = { COUNT: '7' };
    expect(await canonicalOf(yaml, { env })).toEqual({ healthcheck: { retries } });
    expect((await serviceOf(yaml, { env })).healthcheck).toEqual({ kind: 'enabled', retries });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {retries: 3}', 'healthcheck: {retries: 5}')).toEqual({
      healthcheck: { retries: 5 },
    });
  });

  it('is refused when it is no number, or below zero', async () => {
    expect(await placesIn(web('healthcheck: {retries: [3]}'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await mistakesIn(web('healthcheck: {retries: x}'))).toEqual([
      '4:28 COMPOSE_TYPE: services.web.healthcheck.retries: "x" is no whole number -> write a whole number',
    ]);
    expect(await mistakesIn(web('healthcheck: {retries: -1}'))).toEqual([
      '4:28 COMPOSE_VALUE: services.web.healthcheck.retries: it cannot be smaller than nothing -> write how many, such as 3',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

describe('healthcheck.disable', () => {
  it.each([
    ['true', { disable: true }],
    ['"true"', { disable: true }],
    ['$OFF', { disable: true }],
    ['false', {}],
  ])('is a boolean that is printed where it is true: %s', async (written, printed) => {
    expect(await canonicalOf(web(`healthcheck: {disable: ${written}}`), { env: { OFF: 'yes' } })).toEqual({
      healthcheck: printed,
    });
  });

  it('switches off the check, the one that is written beside it too', async () => {
    const yaml = web('healthcheck: {disable: true, test: [CMD, a]}');
    expect(await canonicalOf(yaml)).toEqual({ healthcheck: { test: ['CMD', 'a'], disable: true } });
    expect((await serviceOf(yaml)).healthcheck).toEqual({ kind: 'disabled' });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('healthcheck: {test: a, disable: true}', 'healthcheck: {disable: false}')).toEqual({
      healthcheck: { test: ['CMD-SHELL', 'a'] },
    });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(web('healthcheck: {disable: 1}'))).toEqual(['4:28 COMPOSE_TYPE']);
    expect(await mistakesIn(web('healthcheck: {disable: maybe}'))).toEqual([
      '4:28 COMPOSE_TYPE: services.web.healthcheck.disable: "maybe" is no boolean -> write true or false',
    ]);
  });
});

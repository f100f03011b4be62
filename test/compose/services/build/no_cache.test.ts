import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.no_cache', () => {
  it.each([
    ['true', { no_cache: true }],
    ['"true"', { no_cache: true }],
    ['$SWITCH', { no_cache: true }],
    ['false', {}],
  ])(
    'builds every step anew where it is true, and is not printed where it is not: %s',
    async (value, printed) => {
      expect(await canonicalOf(web(`build: {no_cache: ${value}}`), { env: { SWITCH: 'true' } })).toEqual({
        build: { context: '/p', dockerfile: 'Dockerfile', ...printed },
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {no_cache: true}', 'build: {no_cache: false}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(web('build: {no_cache: 3}'))).toEqual(['4:23 COMPOSE_TYPE']);
    expect(await mistakesIn(web('build: {no_cache: maybe}'))).toEqual([
      '4:23 COMPOSE_TYPE: services.web.build.no_cache: "maybe" is no boolean -> write true or false',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.privileged', () => {
  it.each([
    ['true', { privileged: true }],
    ['"true"', { privileged: true }],
    ['$SWITCH', { privileged: true }],
    ['false', {}],
  ])(
    'lets the steps do what root of the machine may where it is true, and is not printed where it is not: %s',
    async (value, printed) => {
      expect(await canonicalOf(web(`build: {privileged: ${value}}`), { env: { SWITCH: 'true' } })).toEqual({
        build: { context: '/p', dockerfile: 'Dockerfile', ...printed },
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {privileged: true}', 'build: {privileged: false}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(web('build: {privileged: 3}'))).toEqual(['4:25 COMPOSE_TYPE']);
    expect(await mistakesIn(web('build: {privileged: maybe}'))).toEqual([
      '4:25 COMPOSE_TYPE: services.web.build.privileged: "maybe" is no boolean -> write true or false',
    ]);
  });
});

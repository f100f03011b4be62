import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.pull', () => {
  it.each([
    ['true', { pull: true }],
    ['"true"', { pull: true }],
    ['$SWITCH', { pull: true }],
    ['false', {}],
  ])(
    'asks the registry for newer base images where it is true, and is not printed where it is not: %s',
    async (value, printed) => {
      expect(await canonicalOf(web(`build: {pull: ${value}}`), { env: { SWITCH: 'true' } })).toEqual({
        build: { context: '/p', dockerfile: 'Dockerfile', ...printed },
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('build: {pull: true}', 'build: {pull: false}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile' },
    });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(web('build: {pull: 3}'))).toEqual(['4:19 COMPOSE_TYPE']);
    expect(await mistakesIn(web('build: {pull: maybe}'))).toEqual([
      '4:19 COMPOSE_TYPE: services.web.build.pull: "maybe" is no boolean -> write true or false',
    ]);
  });
});

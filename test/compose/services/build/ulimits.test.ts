import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, web } from '../../load/loading.ts';

describe('build.ulimits', () => {
  it('limits the steps, with one number or a soft and a hard one', async () => {
    const yaml = web('build: {ulimits: {nproc: 5, core: "6", nofile: {soft: $SOFT, hard: "20"}}}');
    expect(await canonicalOf(yaml, { env: { SOFT: '10' } })).toEqual({
      build: {
        context: '/p',
        dockerfile: 'Dockerfile',
        ulimits: { core: 6, nofile: { soft: 10, hard: 20 }, nproc: 5 },
      },
    });
  });

  it('merges by limit', async () => {
    expect(await mergedOf('build: {ulimits: {nproc: 5, core: 6}}', 'build: {ulimits: {core: 7}}')).toEqual({
      build: { context: '/p', dockerfile: 'Dockerfile', ulimits: { core: 7, nproc: 5 } },
    });
  });

  it('asks for both numbers, and for numbers', async () => {
    expect(await mistakesIn(web('build: {ulimits: {nofile: {soft: 1}}}'))).toEqual([
      '4:23 COMPOSE_MISSING_KEY: services.web.build.ulimits.nofile: "hard" is missing -> add `hard:`',
    ]);
    expect(await placesIn(web('build: {ulimits: {nofile: many}}'))).toEqual(['4:31 COMPOSE_TYPE']);
    expect(await placesIn(web('build: {ulimits: {nofile: {soft: 1, hard: 2, hrad: 3}}}'))).toEqual([
      '4:50 COMPOSE_UNKNOWN_KEY',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('oom_score_adj', () => {
  it.each([
    ['-1000', -1000],
    ['1000', 1000],
    ['"500"', 500],
  ])('%s is printed as a number', async (written, printed) => {
    expect(await canonicalOf(web(`oom_score_adj: ${written}`))).toEqual({ oom_score_adj: printed });
  });

  it('is left to the kernel when it is 0 or absent', async () => {
    expect(await canonicalOf(web('oom_score_adj: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('oom_score_adj: -5'))).resources).toEqual({ oomScoreAdj: -5 });
  });

  it('may be a variable, which is cast to a number', async () => {
    const yaml = web('oom_score_adj: ${SCORE}');
    expect(await canonicalOf(yaml, { env: { SCORE: '-17' } })).toEqual({ oom_score_adj: -17 });
    expect(await placesIn(yaml, { env: { SCORE: 'high' } })).toEqual(['4:20 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    const score = { oom_score_adj: 2 };
    expect(await canonicalOf(overridden(web('oom_score_adj: 1'), web('oom_score_adj: 2')))).toEqual(score);
    expect(await canonicalOf(extending('oom_score_adj: 1', 'oom_score_adj: 2'))).toEqual(score);
  });

  it('is refused beyond what the kernel takes, however it is written', async () => {
    expect(await mistakesIn(web('oom_score_adj: 1001'))).toEqual([
      '4:20 COMPOSE_VALUE: services.web.oom_score_adj: 1001 is too high: 1000 is the most',
    ]);
    expect(await mistakesIn(web('oom_score_adj: "-1001"'))).toEqual([
      '4:20 COMPOSE_VALUE: services.web.oom_score_adj: -1001 is too low: -1000 is the least',
    ]);
    expect(await placesIn(web('oom_score_adj: 1.5'))).toEqual(['4:20 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('pids_limit', () => {
  it.each([
    ['100', 100],
    ['"100"', 100],
    ['-1', -1],
    ['9.5', 9],
  ])('%s is printed as a number', async (written, printed) => {
    expect(await canonicalOf(web(`pids_limit: ${written}`))).toEqual({ pids_limit: printed });
  });

  it('is no limit when it is -1, 0 or absent', async () => {
    expect((await serviceOf(web('pids_limit: -1'))).resources).toEqual({ pids: -1 });
    expect(await canonicalOf(web('pids_limit: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
  });

  it('may be a variable, which is cast to a number', async () => {
    const yaml = web('pids_limit: ${PIDS:-10}');
    expect(await canonicalOf(yaml)).toEqual({ pids_limit: 10 });
    expect(await mistakesIn(yaml, { env: { PIDS: 'few' } })).toEqual([
      '4:17 COMPOSE_TYPE: services.web.pids_limit: "few" is no whole number -> write a whole number',
    ]);
  });

  it('is replaced by an override and by a service that extends', async () => {
    const limit = { pids_limit: 2 };
    expect(await canonicalOf(overridden(web('pids_limit: 1'), web('pids_limit: 2')))).toEqual(limit);
    expect(await canonicalOf(extending('pids_limit: 1', 'pids_limit: 2'))).toEqual(limit);
  });

  it('agrees with deploy.resources.limits.pids, or is refused', async () => {
    const both = (pids: number) => web('pids_limit: 5', `deploy: {resources: {limits: {pids: ${pids}}}}`);
    expect((await serviceOf(both(5))).resources).toEqual({ pids: 5 });
    expect(await mistakesIn(both(6))).toEqual([
      "4:17 COMPOSE_CONFLICT: services.web: can't set distinct values on 'pids_limit' and 'deploy.resources.limits.pids' -> keep one of the two",
    ]);
  });

  it('is refused where it is no whole number', async () => {
    expect(await placesIn(web('pids_limit: "1.5"'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('pids_limit: [1]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

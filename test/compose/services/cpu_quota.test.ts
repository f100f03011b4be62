import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cpu_quota', () => {
  it('is a whole number of microseconds, quoted or out of a variable too; a fraction is cut off', async () => {
    for (const written of ['50000', '"50000"', '${US}', '${NONE:-50000}', '50000.9']) {
      expect(await canonicalOf(web(`cpu_quota: ${written}`), { env: { US: '50000' } })).toEqual({
        cpu_quota: 50000,
      });
    }
  });

  it('is no limit when nothing, zero, or a negative number is said', async () => {
    expect(await canonicalOf(web('cpu_quota: 0'))).toEqual({});
    expect(await canonicalOf(web('cpu_quota: "-1"'))).toEqual({ cpu_quota: -1 });
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('cpu_quota: 50000'))).resources).toEqual({ cpuQuotaUs: 50000 });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_quota: 20000', 'cpu_quota: 30000')).toEqual({ cpu_quota: 30000 });
  });

  it('is refused where it is no number', async () => {
    expect(await mistakesIn(web('cpu_quota: 50ms'))).toEqual([
      '4:16 COMPOSE_TYPE: services.web.cpu_quota: "50ms" is no whole number -> write a whole number',
    ]);
    expect(await placesIn(web('cpu_quota: true'))).toEqual(['4:16 COMPOSE_TYPE']);
  });

  it('is refused below a millisecond and beside cpus, when the project is to be started', async () => {
    expect(await mistakesIn(web('cpu_quota: 999'))).toEqual([
      '4:16 COMPOSE_VALUE: services.web.cpu_quota: 999 is shorter than a millisecond -> it counts microseconds: write 1000 at least',
    ]);
    expect(await mistakesIn(web('cpu_quota: 50000', 'cpus: 1'))).toEqual([
      '4:16 COMPOSE_VALUE: services.web.cpu_quota: `cpus` says the same thing already -> keep one of the two',
    ]);
    expect(await mistakesIn(web('cpu_quota: 999', 'cpus: 1'), { purpose: 'read' })).toEqual([]);
  });
});

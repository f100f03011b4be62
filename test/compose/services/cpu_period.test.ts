import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cpu_period', () => {
  it('is a whole number of microseconds, quoted or out of a variable too; a fraction is cut off', async () => {
    for (const written of ['50000', '"50000"', '${US}', '${NONE:-50000}', '50000.9']) {
      expect(await canonicalOf(web(`cpu_period: ${written}`), { env: { US: '50000' } })).toEqual({
        cpu_period: 50000,
      });
    }
  });

  it("is the kernel's own when nothing, or zero, is said", async () => {
    expect(await canonicalOf(web('cpu_period: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('cpu_period: 50000'))).resources).toEqual({ cpuPeriodUs: 50000 });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('cpu_period: 20000', 'cpu_period: 30000')).toEqual({ cpu_period: 30000 });
  });

  it('is refused where it is no number', async () => {
    expect(await mistakesIn(web('cpu_period: 100ms'))).toEqual([
      '4:17 COMPOSE_TYPE: services.web.cpu_period: "100ms" is no whole number -> write a whole number',
    ]);
    expect(await placesIn(web('cpu_period: true'))).toEqual(['4:17 COMPOSE_TYPE']);
  });

  it('is refused outside of what the kernel takes, when the project is to be started', async () => {
    for (const period of ['999', '1000001']) {
      expect(await mistakesIn(web(`cpu_period: ${period}`))).toEqual([
        `4:17 COMPOSE_VALUE: services.web.cpu_period: ${period} is no period between a millisecond and a second -> it counts microseconds: write 1000 to 1000000`,
      ]);
    }
    expect(await mistakesIn(web('cpu_period: 1000'))).toEqual([]);
    expect(await mistakesIn(web('cpu_period: 999'), { purpose: 'read' })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('cpus', () => {
  it('is a number of processors, quoted or out of a variable too', async () => {
    for (const written of ['1.5', '"1.5"', '${CPUS}', '${NONE:-1.50}', '15e-1']) {
      expect(await canonicalOf(web(`cpus: ${written}`), { env: { CPUS: '1.5' } })).toEqual({ cpus: 1.5 });
    }
    expect(await canonicalOf(web('cpus: ".5"'))).toEqual({ cpus: 0.5 });
    expect(await canonicalOf(web('cpus: 2'))).toEqual({ cpus: 2 });
  });

  it('is no limit when nothing, or zero, is said', async () => {
    expect(await canonicalOf(web('cpus: 0'))).toEqual({});
    expect((await serviceOf(web())).resources).toEqual({});
    expect((await serviceOf(web('cpus: 0.5'))).resources).toEqual({ cpus: 0.5 });
  });

  it('is the same limit as deploy.resources.limits.cpus, and refused where the two differ', async () => {
    const limits = (cpus: string): string => `deploy: {resources: {limits: {cpus: "${cpus}"}}}`;
    expect((await serviceOf(web(limits('0.5')))).resources).toEqual({ cpus: 0.5 });
    expect((await serviceOf(web('cpus: 2', limits('2.0')))).resources).toEqual({ cpus: 2 });
    expect(await mistakesIn(web('cpus: 1', limits('2')))).toEqual([
      "4:11 COMPOSE_CONFLICT: services.web: can't set distinct values on 'cpus' and 'deploy.resources.limits.cpus' -> keep one of the two",
    ]);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('cpus: 2'), web('cpus: "0.3"')))).toEqual({ cpus: 0.3 });
    expect(await canonicalOf(extending('cpus: 2', 'cpus: 0.3'))).toEqual({ cpus: 0.3 });
  });

  it('is refused where it is no number', async () => {
    expect(await mistakesIn(web('cpus: half'))).toEqual([
      '4:11 COMPOSE_TYPE: services.web.cpus: "half" is no number -> write a number such as 0.5',
    ]);
    expect(await placesIn(web('cpus: true'))).toEqual(['4:11 COMPOSE_TYPE']);
    expect(await placesIn(web('cpus: [1]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });

  it('is refused where it is next to nothing, when the project is to be started', async () => {
    for (const cpus of ['0.001', '-1']) {
      expect(await mistakesIn(web(`cpus: ${cpus}`))).toEqual([
        `4:11 COMPOSE_VALUE: services.web.cpus: ${cpus} of a processor is too little -> write 0.01 at least`,
      ]);
    }
    expect(await mistakesIn(web('cpus: 0.001'), { purpose: 'read' })).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('uts', () => {
  it('host gives the container the names of the machine', async () => {
    expect(await canonicalOf(web('uts: host'))).toEqual({ uts: 'host' });
    expect((await serviceOf(web('uts: host'))).uts).toBe('host');
  });

  it("is a namespace of the container's own when nothing is said", async () => {
    expect(await canonicalOf(web('uts: ""'))).toEqual({});
    expect((await serviceOf(web())).uts).toBeUndefined();
  });

  it('may be a variable, and is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(web('uts: ${NAMES}'), { env: { NAMES: 'host' } })).toEqual({ uts: 'host' });
    expect(await canonicalOf(overridden(web('uts: host'), web('uts: ""')))).toEqual({});
    expect(await canonicalOf(extending('uts: ""', 'uts: host'))).toEqual({ uts: 'host' });
  });

  it('is refused as host beside a hostname', async () => {
    expect(await mistakesIn(web('uts: host', 'hostname: web'))).toEqual([
      '5:15 COMPOSE_VALUE: services.web.hostname: with `uts: host` the container has the name of the host -> keep one of the two',
    ]);
  });

  it('is refused where it is another word when the project is to be started, or no text', async () => {
    expect(await mistakesIn(web('uts: private'))).toEqual([
      '4:10 COMPOSE_VALUE: services.web.uts: "private" is no mode -> write one of host',
    ]);
    expect(await mistakesIn(web('uts: private'), { purpose: 'read' })).toEqual([]);
    expect(await placesIn(web('uts: true'))).toEqual(['4:10 COMPOSE_TYPE']);
  });
});

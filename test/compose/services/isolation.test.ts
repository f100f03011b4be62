import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';

describe('isolation', () => {
  it.each(['default', 'process', 'hyperv'])('%s is printed as it is written', async (isolation) => {
    expect(await canonicalOf(web(`isolation: ${isolation}`))).toEqual({ isolation });
  });

  it('may be a variable, and is not printed when that is empty', async () => {
    const yaml = web('isolation: ${ISOLATION-process}');
    expect(await canonicalOf(yaml)).toEqual({ isolation: 'process' });
    expect(await canonicalOf(yaml, { env: { ISOLATION: '' } })).toEqual({});
  });

  it('is replaced by an override and by a service that extends', async () => {
    const [a, b] = ['isolation: process', 'isolation: default'];
    expect(await canonicalOf(overridden(web(a), web(b)))).toEqual({ isolation: 'default' });
    expect(await canonicalOf(extending(a, b))).toEqual({ isolation: 'default' });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('isolation: process'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.isolation',
    ]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('isolation: true'))).toEqual(['4:16 COMPOSE_TYPE']);
    expect(await placesIn(web('isolation: [process]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

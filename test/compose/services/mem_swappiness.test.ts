import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';

describe('mem_swappiness', () => {
  it.each(['60', '"60"'])('%s is a percentage that is printed as text', async (written) => {
    expect(await canonicalOf(web(`mem_swappiness: ${written}`))).toEqual({ mem_swappiness: '60' });
  });

  it('is not printed when it is 0', async () => {
    expect(await canonicalOf(web('mem_swappiness: 0'))).toEqual({});
  });

  it('may be a variable', async () => {
    const yaml = web('mem_swappiness: ${SWAPPINESS:-10}');
    expect(await canonicalOf(yaml)).toEqual({ mem_swappiness: '10' });
    expect(await canonicalOf(yaml, { env: { SWAPPINESS: '90' } })).toEqual({ mem_swappiness: '90' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    const files = overridden(web('mem_swappiness: 10'), web('mem_swappiness: 20'));
    expect(await canonicalOf(files)).toEqual({ mem_swappiness: '20' });
    expect(await canonicalOf(extending('mem_swappiness: 10', 'mem_swappiness: 30'))).toEqual({
      mem_swappiness: '30',
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('mem_swappiness: 60'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.mem_swappiness',
    ]);
  });

  it.each([
    ['much', '4:21 COMPOSE_SIZE'],
    ['0.5', '4:21 COMPOSE_TYPE'],
    ['{percent: 5}', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`mem_swappiness: ${written}`))).toEqual([place]);
  });
});

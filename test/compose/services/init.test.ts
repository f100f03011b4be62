import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('init', () => {
  it.each(spellings)('reads %s as %s and is printed either way', async (written, init) => {
    expect(await canonicalOf(web(`init: ${written}`))).toEqual({ init });
    expect((await serviceOf(web(`init: ${written}`))).init).toBe(init);
  });

  it('is not printed and off when nothing is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).init).toBe(false);
  });

  it('takes its answer from a variable', async () => {
    expect(await canonicalOf(web('init: ${REAP}'), { env: { REAP: 'True' } })).toEqual({ init: true });
    expect(await placesIn(web('init: ${REAP}'), { env: { REAP: 'maybe' } })).toEqual(['4:11 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('init: true'), web('init: false')))).toEqual({ init: false });
    expect(await canonicalOf(extending('init: false', 'init: true'))).toEqual({ init: true });
  });

  it.each([
    ['1', '4:11 COMPOSE_TYPE'],
    ['perhaps', '4:11 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`init: ${written}`))).toEqual([place]);
  });
});

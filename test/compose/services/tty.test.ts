import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('tty', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`tty: ${written}`))).toEqual(isOn ? { tty: true } : {});
  });

  it('gives the container a terminal, which it has not by default', async () => {
    expect((await serviceOf(web('tty: true'))).tty).toBe(true);
    expect((await serviceOf(web())).tty).toBe(false);
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('tty: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ tty: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:10 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('tty: true'), web('tty: false')))).toEqual({});
    expect(await canonicalOf(extending('tty: false', 'tty: true'))).toEqual({ tty: true });
  });

  it.each([
    ['1', '4:10 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`tty: ${written}`))).toEqual([place]);
  });
});

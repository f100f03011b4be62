import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('stdin_open', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`stdin_open: ${written}`))).toEqual(isOn ? { stdin_open: true } : {});
  });

  it('opens the standard input of the container, which is closed by default', async () => {
    expect((await serviceOf(web('stdin_open: true'))).stdinOpen).toBe(true);
    expect((await serviceOf(web())).stdinOpen).toBe(false);
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('stdin_open: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ stdin_open: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:17 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('stdin_open: true'), web('stdin_open: false')))).toEqual({});
    expect(await canonicalOf(extending('stdin_open: true', 'tty: true'))).toEqual({
      stdin_open: true,
      tty: true,
    });
  });

  it.each([
    ['1', '4:17 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`stdin_open: ${written}`))).toEqual([place]);
  });
});

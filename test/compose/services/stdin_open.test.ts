import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('stdin_open', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`stdin_open: ${written}`))).toEqual(isOn ? { stdin_open: true } : {});
  });

  it('opens the standard input of the container, which is closed by default', async () => {
    expect((await serviceOf(web('stdin_open: true'))).stdinOpen).toBe(true);
    expect((await serviceOf(web())).stdinOpen).toBe(false);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('stdin_open: false', 'stdin_open: ${ASKED}', { env })).toEqual({
      stdin_open: true,
    });
    expect(await mergedOf('stdin_open: true', 'stdin_open: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:17 COMPOSE_TYPE'],
    ['1', '4:17 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`stdin_open: ${written}`))).toEqual([place]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, warningsIn, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('tty', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`tty: ${written}`))).toEqual(isOn ? { tty: true } : {});
  });

  it('gives the container a terminal, which it has not by default', async () => {
    expect((await serviceOf(web('tty: true'))).tty).toBe(true);
    expect((await serviceOf(web())).tty).toBe(false);
  });

  it('warns of the words of older YAML', async () => {
    expect(await warningsIn(web('tty: yes'))).toEqual([
      '4:10 COMPOSE_OLD_BOOLEAN: "yes" for boolean is not supported by YAML 1.2, please use `true`',
    ]);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('tty: false', 'tty: ${ASKED}', { env })).toEqual({ tty: true });
    expect(await mergedOf('tty: true', 'tty: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:10 COMPOSE_TYPE'],
    ['1', '4:10 COMPOSE_TYPE'],
    ['"1"', '4:10 COMPOSE_TYPE'],
    ['"f"', '4:10 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`tty: ${written}`))).toEqual([place]);
  });
});

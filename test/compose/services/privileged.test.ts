import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('privileged', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`privileged: ${written}`))).toEqual(isOn ? { privileged: true } : {});
  });

  it('is off unless it is asked for', async () => {
    expect((await serviceOf(web('privileged: true'))).privileged).toBe(true);
    expect((await serviceOf(web())).privileged).toBe(false);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('privileged: false', 'privileged: ${ASKED}', { env })).toEqual({
      privileged: true,
    });
    expect(await mergedOf('privileged: true', 'privileged: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:17 COMPOSE_TYPE'],
    ['1', '4:17 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`privileged: ${written}`))).toEqual([place]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('read_only', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`read_only: ${written}`))).toEqual(isOn ? { read_only: true } : {});
  });

  it('leaves the root of the container writable unless it is asked for', async () => {
    expect((await serviceOf(web('read_only: true'))).readOnly).toBe(true);
    expect((await serviceOf(web())).readOnly).toBe(false);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('read_only: false', 'read_only: ${ASKED}', { env })).toEqual({ read_only: true });
    expect(await mergedOf('read_only: true', 'read_only: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:16 COMPOSE_TYPE'],
    ['1', '4:16 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`read_only: ${written}`))).toEqual([place]);
  });
});

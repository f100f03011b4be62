import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('read_only', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`read_only: ${written}`))).toEqual(isOn ? { read_only: true } : {});
  });

  it('leaves the root of the container writable unless it is asked for', async () => {
    expect((await serviceOf(web('read_only: true'))).readOnly).toBe(true);
    expect((await serviceOf(web())).readOnly).toBe(false);
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('read_only: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ read_only: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:16 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('read_only: true'), web('read_only: false')))).toEqual({});
    expect(await canonicalOf(extending('read_only: true', 'tty: true'))).toEqual({
      read_only: true,
      tty: true,
    });
  });

  it.each([
    ['1', '4:16 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`read_only: ${written}`))).toEqual([place]);
  });
});

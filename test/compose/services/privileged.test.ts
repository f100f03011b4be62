import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('privileged', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`privileged: ${written}`))).toEqual(isOn ? { privileged: true } : {});
  });

  it('is off unless it is asked for', async () => {
    expect((await serviceOf(web('privileged: true'))).privileged).toBe(true);
    expect((await serviceOf(web())).privileged).toBe(false);
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('privileged: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ privileged: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:17 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('privileged: true'), web('privileged: false')))).toEqual({});
    expect(await canonicalOf(extending('privileged: true', 'tty: true'))).toEqual({
      privileged: true,
      tty: true,
    });
  });

  it.each([
    ['1', '4:17 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`privileged: ${written}`))).toEqual([place]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, warningsIn, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('use_api_socket', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`use_api_socket: ${written}`))).toEqual(
      isOn ? { use_api_socket: true } : {},
    );
  });

  it('takes its answer from a variable', async () => {
    const yaml = web('use_api_socket: ${ASKED:-false}');
    expect(await canonicalOf(yaml, { env: { ASKED: 'true' } })).toEqual({ use_api_socket: true });
    expect(await canonicalOf(yaml)).toEqual({});
    expect(await placesIn(yaml, { env: { ASKED: 'maybe' } })).toEqual(['4:21 COMPOSE_TYPE']);
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('use_api_socket: true'), web('use_api_socket: false')))).toEqual(
      {},
    );
    expect(await canonicalOf(extending('use_api_socket: true', 'tty: true'))).toEqual({
      use_api_socket: true,
      tty: true,
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('use_api_socket: true'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.use_api_socket',
    ]);
  });

  it.each([
    ['1', '4:21 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`use_api_socket: ${written}`))).toEqual([place]);
  });
});

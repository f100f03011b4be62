import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../load/loading.ts';
import { spellings } from './spellings.ts';

describe('use_api_socket', () => {
  it.each(spellings)('reads %s as %s, and is printed only when it is on', async (written, isOn) => {
    expect(await canonicalOf(web(`use_api_socket: ${written}`))).toEqual(
      isOn ? { use_api_socket: true } : {},
    );
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('use_api_socket: true'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.use_api_socket',
    ]);
  });

  it('may be a variable, and is replaced by what is laid over it', async () => {
    const env = { ASKED: 'true' };
    expect(await mergedOf('use_api_socket: false', 'use_api_socket: ${ASKED}', { env })).toEqual({
      use_api_socket: true,
    });
    expect(await mergedOf('use_api_socket: true', 'use_api_socket: false')).toEqual({});
  });

  it.each([
    ['maybe', '4:21 COMPOSE_TYPE'],
    ['1', '4:21 COMPOSE_TYPE'],
    ['null', '4:5 COMPOSE_TYPE'],
    ['[true]', '4:5 COMPOSE_TYPE'],
  ])('refuses %s', async (written, place) => {
    expect(await placesIn(web(`use_api_socket: ${written}`))).toEqual([place]);
  });
});

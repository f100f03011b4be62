import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

describe('networks.enable_ipv4', () => {
  it.each([
    ['true', true],
    ['"false"', false],
    ['$SWITCH', true],
  ])('is printed when it is written, whatever it is: %s', async (written, value) => {
    const yaml = using('networks', `{enable_ipv4: ${written}}`);
    expect((await configOf(yaml, { env: { SWITCH: 'on' } })).networks).toEqual({
      one: { name: 'p_one', ipam: {}, enable_ipv4: value },
    });
    expect((await projectOf(yaml, { env: { SWITCH: 'on' } })).networks.one!.enableIpv4).toBe(value);
  });

  it('is true when nothing is written', async () => {
    expect((await projectOf(using('networks', ''))).networks.one!.enableIpv4).toBe(true);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('networks', '{enable_ipv4: true}'),
      using('networks', '{enable_ipv4: false}'),
    );
    expect((await configOf(files)).networks).toEqual({
      one: { name: 'p_one', ipam: {}, enable_ipv4: false },
    });
  });

  it('cannot be switched off yet, and says so', async () => {
    expect(await warningsIn(using('networks', '{enable_ipv4: true}'))).toEqual([]);
    expect(await warningsIn(using('networks', '{enable_ipv4: "false"}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: networks.enable_ipv4',
    ]);
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(using('networks', '{enable_ipv4: 3}'))).toEqual(['2:22 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{enable_ipv4: maybe}'))).toEqual(['2:22 COMPOSE_TYPE']);
  });
});

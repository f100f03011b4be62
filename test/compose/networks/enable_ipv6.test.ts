import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.enable_ipv6', () => {
  it.each([
    ['true', true],
    ['"false"', false],
    ['$SWITCH', true],
  ])('is printed when it is written, whatever it is: %s', async (written, value) => {
    const yaml = using('networks', `{enable_ipv6: ${written}}`);
    expect((await configOf(yaml, { env: { SWITCH: 'on' } })).networks).toEqual({
      one: { name: 'p_one', ipam: {}, enable_ipv6: value },
    });
    expect((await projectOf(yaml, { env: { SWITCH: 'on' } })).networks.one!.enableIpv6).toBe(value);
  });

  it('is false when nothing is written', async () => {
    expect((await projectOf(using('networks', ''))).networks.one!.enableIpv6).toBe(false);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('networks', '{enable_ipv6: false}'),
      using('networks', '{enable_ipv6: true}'),
    );
    expect((await configOf(files)).networks).toEqual({
      one: { name: 'p_one', ipam: {}, enable_ipv6: true },
    });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(using('networks', '{enable_ipv6: 3}'))).toEqual(['2:22 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{enable_ipv6: maybe}'))).toEqual(['2:22 COMPOSE_TYPE']);
  });
});

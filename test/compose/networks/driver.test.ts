import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.driver', () => {
  it('is bridge when nothing is written, which is not printed', async () => {
    const yaml = using('networks', '{}');
    expect((await configOf(yaml)).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
    expect((await projectOf(yaml)).networks.one!.driver).toBe('bridge');
  });

  it('is printed as it is written', async () => {
    const yaml = using('networks', '{driver: $DRIVER}');
    expect((await configOf(yaml, { env: { DRIVER: 'macvlan' } })).networks).toEqual({
      one: { name: 'p_one', driver: 'macvlan', ipam: {} },
    });
    expect((await projectOf(yaml, { env: { DRIVER: 'macvlan' } })).networks.one!.driver).toBe('macvlan');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('networks', '{driver: macvlan}'), using('networks', '{driver: bridge}'));
    expect((await configOf(files)).networks).toEqual({ one: { name: 'p_one', driver: 'bridge', ipam: {} } });
  });

  it('is text', async () => {
    expect(await placesIn(using('networks', '{driver: 5}'))).toEqual(['2:17 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.internal', () => {
  it.each(['true', '"true"', '$SWITCH'])('cuts the network off from the world: %s', async (value) => {
    const yaml = using('networks', `{internal: ${value}}`);
    expect((await configOf(yaml, { env: { SWITCH: 'true' } })).networks).toEqual({
      one: { name: 'p_one', ipam: {}, internal: true },
    });
    expect((await projectOf(yaml, { env: { SWITCH: 'true' } })).networks.one!.internal).toBe(true);
  });

  it('is false and not printed when nothing is written', async () => {
    expect((await projectOf(using('networks', ''))).networks.one!.internal).toBe(false);
    expect((await configOf(using('networks', '{internal: false}'))).networks).toEqual({
      one: { name: 'p_one', ipam: {} },
    });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('networks', '{internal: true}'), using('networks', '{internal: false}'));
    expect((await configOf(files)).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(using('networks', '{internal: 3}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{internal: maybe}'))).toEqual(['2:19 COMPOSE_TYPE']);
  });
});

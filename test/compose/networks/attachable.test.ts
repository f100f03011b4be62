import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.attachable', () => {
  it.each(['true', '"true"', '$SWITCH'])('lets single containers join: %s', async (value) => {
    const yaml = using('networks', `{attachable: ${value}}`);
    expect((await configOf(yaml, { env: { SWITCH: 'true' } })).networks).toEqual({
      one: { name: 'p_one', ipam: {}, attachable: true },
    });
    expect((await projectOf(yaml, { env: { SWITCH: 'true' } })).networks.one!.attachable).toBe(true);
  });

  it('is false and not printed when nothing is written', async () => {
    expect((await projectOf(using('networks', ''))).networks.one!.attachable).toBe(false);
    expect((await configOf(using('networks', '{attachable: false}'))).networks).toEqual({
      one: { name: 'p_one', ipam: {} },
    });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('networks', '{attachable: true}'),
      using('networks', '{attachable: false}'),
    );
    expect((await configOf(files)).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
  });

  it('is a boolean, or a word for one', async () => {
    expect(await placesIn(using('networks', '{attachable: 3}'))).toEqual(['2:21 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{attachable: maybe}'))).toEqual(['2:21 COMPOSE_TYPE']);
  });
});

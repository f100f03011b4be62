import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('networks.name', () => {
  it('is the key behind the name of the project when nothing is written', async () => {
    expect((await configOf(using('networks', '{}'))).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
    expect((await configOf(using('networks', ''))).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
  });

  it('is the bare key of a network that is there already', async () => {
    expect((await configOf(using('networks', '{external: true}'))).networks).toEqual({
      one: { name: 'one', ipam: {}, external: true },
    });
  });

  it('stays as it is written', async () => {
    const yaml = using('networks', '{name: "${STAGE}_front"}');
    expect((await configOf(yaml, { env: { STAGE: 'test' } })).networks).toEqual({
      one: { name: 'test_front', ipam: {} },
    });
    expect((await projectOf(yaml, { env: { STAGE: 'test' } })).networks.one!.name).toBe('test_front');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('networks', '{name: a}'), using('networks', '{name: b}'));
    expect((await configOf(files)).networks).toEqual({ one: { name: 'b', ipam: {} } });
  });

  it('must be text, and not empty where the network is used', async () => {
    expect(await placesIn(using('networks', '{name: 5}'))).toEqual(['2:15 COMPOSE_TYPE']);
    expect(await mistakesIn(using('networks', '{name: "$NONE"}'))).toEqual([
      '2:15 COMPOSE_NAME: networks.one.name: "" cannot be the name of a network -> write a name, or leave `name:` out',
    ]);
    expect(await placesIn('networks: {one: {name: ""}}\nservices: {web: {image: x}}')).toEqual([]);
  });
});

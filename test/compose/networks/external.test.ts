import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

describe('networks.external', () => {
  it.each(['true', '"true"', '$THERE'])('says that the network is there already: %s', async (external) => {
    const yaml = using('networks', `{external: ${external}}`);
    expect((await configOf(yaml, { env: { THERE: 'yes' } })).networks).toEqual({
      one: { name: 'one', ipam: {}, external: true },
    });
    expect((await projectOf(yaml, { env: { THERE: 'yes' } })).networks.one).toMatchObject({
      name: 'one',
      external: true,
    });
  });

  it('is not printed when it is false', async () => {
    expect((await configOf(using('networks', '{external: false}'))).networks).toEqual({
      one: { name: 'p_one', ipam: {} },
    });
  });

  it('holds the name in its old form, with a warning', async () => {
    const yaml = using('networks', '{external: {name: real}}');
    expect((await configOf(yaml)).networks).toEqual({ one: { name: 'real', ipam: {}, external: true } });
    expect(await warningsIn(yaml)).toEqual([
      '2:26 COMPOSE_DEPRECATED: networks.one: external.name is deprecated. Please set name and external: true -> write `external: true` and `name: real` beside it',
    ]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('networks', '{external: true}'), using('networks', '{external: false}'));
    expect((await configOf(files)).networks).toEqual({ one: { name: 'p_one', ipam: {} } });
  });

  it('refuses two names that differ', async () => {
    expect(await mistakesIn(using('networks', '{name: a, external: {name: b}}'))).toEqual([
      '2:35 COMPOSE_CONFLICT: networks.one: name and external.name conflict; only use name -> keep `name:` and write `external: true`',
    ]);
  });

  it('is a boolean, a word for one, or a mapping with a name', async () => {
    expect(await placesIn(using('networks', '{external: 5}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{external: maybe}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('networks', '{external: {nam: a}}'))).toEqual(['2:20 COMPOSE_UNKNOWN_KEY']);
  });
});

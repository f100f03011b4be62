import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

describe('volumes.external', () => {
  it.each(['true', '"true"', '$THERE'])('says that the volume is there already: %s', async (external) => {
    const yaml = using('volumes', `{external: ${external}}`);
    expect((await configOf(yaml, { env: { THERE: 'yes' } })).volumes).toEqual({
      one: { name: 'one', external: true },
    });
    expect((await projectOf(yaml, { env: { THERE: 'yes' } })).volumes.one).toMatchObject({
      name: 'one',
      external: true,
    });
  });

  it('is not printed when it is false', async () => {
    expect((await configOf(using('volumes', '{external: false}'))).volumes).toEqual({
      one: { name: 'p_one' },
    });
  });

  it('holds the name in its old form, with a warning', async () => {
    const yaml = using('volumes', '{external: {name: real}}');
    expect((await configOf(yaml)).volumes).toEqual({ one: { name: 'real', external: true } });
    expect(await warningsIn(yaml)).toEqual([
      '2:26 COMPOSE_DEPRECATED: volumes.one: external.name is deprecated. Please set name and external: true -> write `external: true` and `name: real` beside it',
    ]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('volumes', '{external: true}'), using('volumes', '{external: false}'));
    expect((await configOf(files)).volumes).toEqual({ one: { name: 'p_one' } });
  });

  it('refuses two names that differ', async () => {
    expect(await mistakesIn(using('volumes', '{name: a, external: {name: b}}'))).toEqual([
      '2:35 COMPOSE_CONFLICT: volumes.one: name and external.name conflict; only use name -> keep `name:` and write `external: true`',
    ]);
  });

  it('excludes everything that says how a volume is made', async () => {
    expect(
      await mistakesIn(
        using('volumes', '{external: true, driver: d, driver_opts: {a: b}, labels: [a], x-own: 1}'),
      ),
    ).toEqual([
      '2:25 COMPOSE_CONFLICT: volumes.one: conflicting parameters "external" and "driver" specified -> what is external is not made here; take this key out',
      '2:36 COMPOSE_CONFLICT: volumes.one: conflicting parameters "external" and "driver_opts" specified -> what is external is not made here; take this key out',
      '2:57 COMPOSE_CONFLICT: volumes.one: conflicting parameters "external" and "labels" specified -> what is external is not made here; take this key out',
    ]);
  });

  it('is a boolean, a word for one, or a mapping with a name', async () => {
    expect(await placesIn(using('volumes', '{external: 5}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('volumes', '{external: maybe}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('volumes', '{external: {nam: a}}'))).toEqual(['2:20 COMPOSE_UNKNOWN_KEY']);
  });
});

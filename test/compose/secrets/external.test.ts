import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using, warningsIn } from '../load/loading.ts';

describe('secrets.external', () => {
  it.each(['true', '"true"', '$THERE'])('says that the secret is there already: %s', async (external) => {
    const yaml = using('secrets', `{external: ${external}}`);
    expect((await configOf(yaml, { env: { THERE: 'yes' } })).secrets).toEqual({
      one: { name: 'one', external: true },
    });
    expect((await projectOf(yaml, { env: { THERE: 'yes' } })).secrets.one).toMatchObject({
      kind: 'external',
      name: 'one',
    });
  });

  it('is not printed when it is false', async () => {
    expect((await configOf(using('secrets', '{external: false, environment: T}'))).secrets).toEqual({
      one: { name: 'p_one', environment: 'T' },
    });
  });

  it('holds the name in its old form, with a warning', async () => {
    const yaml = using('secrets', '{external: {name: real}}');
    expect((await configOf(yaml)).secrets).toEqual({ one: { name: 'real', external: true } });
    expect(await warningsIn(yaml)).toEqual([
      '2:26 COMPOSE_DEPRECATED: secrets.one: external.name is deprecated. Please set name and external: true -> write `external: true` and `name: real` beside it',
    ]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('secrets', '{external: true}'),
      using('secrets', '{external: false, environment: T}'),
    );
    expect((await configOf(files)).secrets).toEqual({ one: { name: 'p_one', environment: 'T' } });
  });

  it('refuses two names that differ', async () => {
    expect(await mistakesIn(using('secrets', '{name: a, external: {name: b}}'))).toEqual([
      '2:35 COMPOSE_CONFLICT: secrets.one: name and external.name conflict; only use name -> keep `name:` and write `external: true`',
    ]);
  });

  it('needs no source beside it, and leaves alone one that is written', async () => {
    expect((await projectOf(using('secrets', '{external: true, environment: T}'))).secrets).toEqual({
      one: { kind: 'external', name: 'one' },
    });
  });

  it('is a boolean, a word for one, or a mapping with a name', async () => {
    expect(await placesIn(using('secrets', '{external: 5}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('secrets', '{external: maybe}'))).toEqual(['2:19 COMPOSE_TYPE']);
    expect(await placesIn(using('secrets', '{external: {nam: a}}'))).toEqual(['2:20 COMPOSE_UNKNOWN_KEY']);
  });
});

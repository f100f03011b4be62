import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, using, warningsIn } from '../load/loading.ts';

describe('secrets.driver', () => {
  it('is printed as it is written', async () => {
    const yaml = using('secrets', '{environment: T, driver: $DRIVER}');
    expect((await configOf(yaml, { env: { DRIVER: 'vault' } })).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', driver: 'vault' },
    });
  });

  it('has no effect in this version, and says so', async () => {
    expect(await warningsIn(using('secrets', '{environment: T, driver: vault}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: secrets.driver',
    ]);
  });

  it('is no source', async () => {
    expect(await mistakesIn(using('secrets', '{driver: vault}'))).toEqual([
      '2:3 COMPOSE_MISSING_KEY: secret "one" must declare either `file` or `environment` -> add `file:` or `environment:`',
    ]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('secrets', '{environment: T, driver: a}'),
      using('secrets', '{driver: b}'),
    );
    expect((await configOf(files)).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', driver: 'b' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(using('secrets', '{environment: T, driver: 5}'))).toEqual(['2:33 COMPOSE_TYPE']);
  });
});

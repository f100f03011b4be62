import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using, warningsIn } from '../load/loading.ts';

describe('secrets.template_driver', () => {
  it('is printed as it is written', async () => {
    const yaml = using('secrets', '{environment: T, template_driver: $ENGINE}');
    expect((await configOf(yaml, { env: { ENGINE: 'golang' } })).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', template_driver: 'golang' },
    });
  });

  it('has no effect in this version, and says so', async () => {
    expect(await warningsIn(using('secrets', '{environment: T, template_driver: golang}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: secrets.template_driver',
    ]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('secrets', '{environment: T, template_driver: a}'),
      using('secrets', '{template_driver: b}'),
    );
    expect((await configOf(files)).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', template_driver: 'b' },
    });
  });

  it('is text', async () => {
    expect(await placesIn(using('secrets', '{environment: T, template_driver: 5}'))).toEqual([
      '2:42 COMPOSE_TYPE',
    ]);
  });
});

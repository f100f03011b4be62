import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using, warningsIn } from '../load/loading.ts';

describe('secrets.driver_opts', () => {
  it('is a mapping whose values become text, in order of the keys', async () => {
    const yaml = using('secrets', '{environment: T, driver_opts: {b: 1, a: $A}}');
    expect((await configOf(yaml, { env: { A: 'x' } })).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', driver_opts: { a: 'x', b: '1' } },
    });
  });

  it('has no effect in this version, and says so', async () => {
    expect(await warningsIn(using('secrets', '{environment: T, driver_opts: {a: b}}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: secrets.driver_opts',
    ]);
  });

  it('merges key by key', async () => {
    const files = overridden(
      using('secrets', '{environment: T, driver_opts: {a: 1, b: 2}}'),
      using('secrets', '{driver_opts: {b: 3}}'),
    );
    expect((await configOf(files)).secrets).toEqual({
      one: { name: 'p_one', environment: 'T', driver_opts: { a: '1', b: '3' } },
    });
  });

  it('is a mapping of single values', async () => {
    expect(await placesIn(using('secrets', '{environment: T, driver_opts: [a]}'))).toEqual([
      '2:25 COMPOSE_TYPE',
    ]);
    expect(await placesIn(using('secrets', '{environment: T, driver_opts: {a: [1]}}'))).toEqual([
      '2:39 COMPOSE_TYPE',
    ]);
  });
});

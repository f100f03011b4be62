import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('secrets.name', () => {
  it('is the key behind the name of the project when nothing is written', async () => {
    expect((await configOf(using('secrets', '{environment: T}'))).secrets).toEqual({
      one: { name: 'p_one', environment: 'T' },
    });
  });

  it('is the bare key of a secret that is there already', async () => {
    expect((await configOf(using('secrets', '{external: true}'))).secrets).toEqual({
      one: { name: 'one', external: true },
    });
  });

  it('stays as it is written', async () => {
    const yaml = using('secrets', '{name: "${STAGE}_one", environment: T}');
    expect((await configOf(yaml, { env: { STAGE: 'test', T: '' } })).secrets).toEqual({
      one: { name: 'test_one', environment: 'T' },
    });
    expect((await projectOf(yaml, { env: { STAGE: 'test', T: '' } })).secrets.one!.name).toBe('test_one');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('secrets', '{name: a, environment: T}'), using('secrets', '{name: b}'));
    expect((await configOf(files)).secrets).toEqual({ one: { name: 'b', environment: 'T' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('secrets', '{name: 5, environment: T}'))).toEqual(['2:15 COMPOSE_TYPE']);
  });
});

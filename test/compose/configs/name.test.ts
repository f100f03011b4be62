import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('configs.name', () => {
  it('is the key behind the name of the project when nothing is written', async () => {
    expect((await configOf(using('configs', '{environment: T}'))).configs).toEqual({
      one: { name: 'p_one', environment: 'T' },
    });
  });

  it('is the bare key of a config that is there already', async () => {
    expect((await configOf(using('configs', '{external: true}'))).configs).toEqual({
      one: { name: 'one', external: true },
    });
  });

  it('stays as it is written', async () => {
    const yaml = using('configs', '{name: "${STAGE}_one", environment: T}');
    expect((await configOf(yaml, { env: { STAGE: 'test', T: '' } })).configs).toEqual({
      one: { name: 'test_one', environment: 'T' },
    });
    expect((await projectOf(yaml, { env: { STAGE: 'test', T: '' } })).configs.one!.name).toBe('test_one');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('configs', '{name: a, environment: T}'), using('configs', '{name: b}'));
    expect((await configOf(files)).configs).toEqual({ one: { name: 'b', environment: 'T' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('configs', '{name: 5, environment: T}'))).toEqual(['2:15 COMPOSE_TYPE']);
  });
});

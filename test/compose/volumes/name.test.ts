import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('volumes.name', () => {
  it('is the key behind the name of the project when nothing is written', async () => {
    expect((await configOf(using('volumes', '{}'))).volumes).toEqual({ one: { name: 'p_one' } });
    expect((await configOf(using('volumes', ''))).volumes).toEqual({ one: { name: 'p_one' } });
  });

  it('is the bare key of a volume that is there already', async () => {
    expect((await configOf(using('volumes', '{external: true}'))).volumes).toEqual({
      one: { name: 'one', external: true },
    });
  });

  it('stays as it is written', async () => {
    const yaml = using('volumes', '{name: "${STAGE}_data"}');
    expect((await configOf(yaml, { env: { STAGE: 'test' } })).volumes).toEqual({
      one: { name: 'test_data' },
    });
    expect((await projectOf(yaml, { env: { STAGE: 'test' } })).volumes.one!.name).toBe('test_data');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('volumes', '{name: a}'), using('volumes', '{name: b}'));
    expect((await configOf(files)).volumes).toEqual({ one: { name: 'b' } });
  });

  it('must be one that a volume can have, where it is used', async () => {
    expect(await placesIn(using('volumes', '{name: 5}'))).toEqual(['2:15 COMPOSE_TYPE']);
    expect(await mistakesIn(using('volumes', '{name: ../data}'))).toEqual([
      '2:15 COMPOSE_NAME: volumes.one.name: "../data" cannot be the name of a volume -> use letters, digits, dots, dashes and underscores, and begin with a letter or digit',
    ]);
    expect(await placesIn('volumes: {one: {name: "-"}}\nservices: {web: {image: x}}')).toEqual([]);
  });
});

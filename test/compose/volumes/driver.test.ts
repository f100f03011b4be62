import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('volumes.driver', () => {
  it('is local when nothing is written, which is not printed', async () => {
    const yaml = using('volumes', '{}');
    expect((await configOf(yaml)).volumes).toEqual({ one: { name: 'p_one' } });
    expect((await projectOf(yaml)).volumes.one!.driver).toBe('local');
  });

  it('is printed as it is written', async () => {
    const yaml = using('volumes', '{driver: $DRIVER}');
    expect((await configOf(yaml, { env: { DRIVER: 'rclone' } })).volumes).toEqual({
      one: { name: 'p_one', driver: 'rclone' },
    });
    expect((await projectOf(yaml, { env: { DRIVER: 'rclone' } })).volumes.one!.driver).toBe('rclone');
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('volumes', '{driver: a}'), using('volumes', '{driver: b}'));
    expect((await configOf(files)).volumes).toEqual({ one: { name: 'p_one', driver: 'b' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('volumes', '{driver: 5}'))).toEqual(['2:17 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('configs.environment', () => {
  it('names the variable that holds the config', async () => {
    const yaml = using('configs', '{environment: $WHICH}');
    const env = { WHICH: 'TOKEN', TOKEN: 'hidden' };
    expect((await configOf(yaml, { env })).configs).toEqual({ one: { name: 'p_one', environment: 'TOKEN' } });
    expect((await projectOf(yaml, { env })).configs).toEqual({
      one: { kind: 'environment', name: 'p_one', variable: 'TOKEN', content: 'hidden' },
    });
  });

  it('prints the name of the variable and never what it holds', async () => {
    const { canonical } = await projectOf(using('configs', '{environment: TOKEN}'), {
      env: { TOKEN: 'hidden' },
    });
    expect(JSON.stringify(canonical)).not.toContain('hidden');
  });

  it('must be set, to nothing at least, when a service that uses it is started', async () => {
    const yaml = using('configs', '{environment: TOKEN}');
    expect(await mistakesIn(yaml)).toEqual([
      '2:22 COMPOSE_REQUIRED_VARIABLE: configs.one: the variable TOKEN is not set -> set TOKEN in the environment or in .env, to nothing if nothing is meant',
    ]);
    expect(await mistakesIn(yaml, { env: { TOKEN: '' } })).toEqual([]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('configs', '{environment: A}'), using('configs', '{environment: B}'));
    expect((await configOf(files)).configs).toEqual({ one: { name: 'p_one', environment: 'B' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('configs', '{environment: 5}'))).toEqual(['2:22 COMPOSE_TYPE']);
    expect(await placesIn(using('configs', '{environment: [A]}'))).toEqual(['2:9 COMPOSE_TYPE']);
  });
});

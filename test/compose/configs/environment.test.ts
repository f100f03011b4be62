import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, projectOf, using } from '../load/loading.ts';

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

  it('is replaced by a later one', async () => {
    const files = overridden(using('configs', '{environment: A}'), using('configs', '{environment: B}'));
    expect((await configOf(files)).configs).toEqual({ one: { name: 'p_one', environment: 'B' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('configs', '{environment: 5}'))).toEqual(['2:22 COMPOSE_TYPE']);
    expect(await placesIn(using('configs', '{environment: [A]}'))).toEqual(['2:9 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, using } from '../load/loading.ts';

describe('models.model', () => {
  it('names the model that runs', async () => {
    const yaml = using('models', '{model: "ai/$MODEL"}');
    expect((await configOf(yaml, { env: { MODEL: 'qwen3' } })).models).toEqual({
      one: { model: 'ai/qwen3' },
    });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('models', '{model: a}'), using('models', '{model: b}'));
    expect((await configOf(files)).models).toEqual({ one: { model: 'b' } });
  });

  it('is asked for, and is text', async () => {
    expect(await mistakesIn(using('models', '{}'))).toEqual([
      '2:3 COMPOSE_MISSING_KEY: models.one: "model" is missing -> add `model:`',
    ]);
    expect(await placesIn(using('models', '{model: 5}'))).toEqual(['2:16 COMPOSE_TYPE']);
  });
});

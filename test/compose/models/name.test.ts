import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using } from '../load/loading.ts';

describe('models.name', () => {
  it('is printed as it is written, and not at all when it is not', async () => {
    const yaml = using('models', '{name: "$STAGE-chat", model: ai/qwen3}');
    expect((await configOf(yaml, { env: { STAGE: 'test' } })).models).toEqual({
      one: { name: 'test-chat', model: 'ai/qwen3' },
    });
    expect((await configOf(using('models', '{model: ai/qwen3}'))).models).toEqual({
      one: { model: 'ai/qwen3' },
    });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('models', '{name: a, model: m}'), using('models', '{name: b}'));
    expect((await configOf(files)).models).toEqual({ one: { name: 'b', model: 'm' } });
  });

  it('is text', async () => {
    expect(await placesIn(using('models', '{name: 5, model: m}'))).toEqual(['2:15 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using } from '../load/loading.ts';

describe('models.context_size', () => {
  it.each(['4096', '"4096"', '$SIZE'])('is a whole number of tokens: %s', async (size) => {
    const yaml = using('models', `{model: m, context_size: ${size}}`);
    expect((await configOf(yaml, { env: { SIZE: '4096' } })).models).toEqual({
      one: { model: 'm', context_size: 4096 },
    });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(
      using('models', '{model: m, context_size: 1024}'),
      using('models', '{context_size: 2048}'),
    );
    expect((await configOf(files)).models).toEqual({ one: { model: 'm', context_size: 2048 } });
  });

  it('is a whole number', async () => {
    expect(await placesIn(using('models', '{model: m, context_size: big}'))).toEqual(['2:33 COMPOSE_TYPE']);
    expect(await placesIn(using('models', '{model: m, context_size: 1.5}'))).toEqual(['2:33 COMPOSE_TYPE']);
  });
});

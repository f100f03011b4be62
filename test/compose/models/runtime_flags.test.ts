import { describe, expect, it } from 'vitest';
import { configOf, overridden, placesIn, using } from '../load/loading.ts';

describe('models.runtime_flags', () => {
  it('is handed to the runner as it is written', async () => {
    const yaml = using('models', '{model: m, runtime_flags: [--threads, "$COUNT"]}');
    expect((await configOf(yaml, { env: { COUNT: '8' } })).models).toEqual({
      one: { model: 'm', runtime_flags: ['--threads', '8'] },
    });
  });

  it('is appended to by a later list', async () => {
    const files = overridden(
      using('models', '{model: m, runtime_flags: [a]}'),
      using('models', '{runtime_flags: [b, a]}'),
    );
    expect((await configOf(files)).models).toEqual({ one: { model: 'm', runtime_flags: ['a', 'b', 'a'] } });
  });

  it('is a list of texts', async () => {
    expect(await placesIn(using('models', '{model: m, runtime_flags: --a}'))).toEqual(['2:34 COMPOSE_TYPE']);
    expect(await placesIn(using('models', '{model: m, runtime_flags: [8]}'))).toEqual(['2:35 COMPOSE_TYPE']);
  });
});

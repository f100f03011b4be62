import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, using } from '../load/loading.ts';

describe('configs.content', () => {
  it('is the text of the config, with its variables replaced', async () => {
    const yaml = using('configs', '{content: "user=$USER cost=$$5\\n"}');
    const env = { USER: 'me' };
    expect((await configOf(yaml, { env })).configs).toEqual({
      one: { name: 'p_one', content: 'user=me cost=$5\n' },
    });
    expect((await projectOf(yaml, { env })).configs).toEqual({
      one: { kind: 'content', name: 'p_one', content: 'user=me cost=$5\n' },
    });
  });

  it('may be empty', async () => {
    const yaml = using('configs', '{content: ""}');
    expect((await configOf(yaml)).configs).toEqual({ one: { name: 'p_one', content: '' } });
    expect((await projectOf(yaml)).configs).toEqual({ one: { kind: 'content', name: 'p_one', content: '' } });
  });

  it('is replaced by a later one', async () => {
    const files = overridden(using('configs', '{content: a}'), using('configs', '{content: b}'));
    expect((await configOf(files)).configs).toEqual({ one: { name: 'p_one', content: 'b' } });
  });

  it('excludes another source', async () => {
    expect(await mistakesIn(using('configs', '{content: a, environment: B}'))).toEqual([
      '2:9 COMPOSE_CONFLICT: configs.one: file|environment|content attributes are mutually exclusive -> keep one of them',
    ]);
  });

  it('is text', async () => {
    expect(await placesIn(using('configs', '{content: 5}'))).toEqual(['2:18 COMPOSE_TYPE']);
    expect(await placesIn(using('configs', '{content: {a: b}}'))).toEqual(['2:9 COMPOSE_TYPE']);
  });
});

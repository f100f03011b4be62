import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('annotations', () => {
  it('take a list of key=value and a mapping alike, and are text however they are written', async () => {
    const annotations = { a: '1.5', b: 'x=y', c: 'true', d: '' };
    expect(await canonicalOf(web('annotations: [a=1.5, b=x=y, c=true, d=]'))).toEqual({ annotations });
    expect(await canonicalOf(web('annotations: {a: 1.50, b: x=y, c: true, d: }'))).toEqual({ annotations });
  });

  it('are empty text where a key has no value: nothing is taken from the environment', async () => {
    expect(await canonicalOf(web('annotations: [HOME]'), { env: { HOME: '/root' } })).toEqual({
      annotations: { HOME: '' },
    });
  });

  it('are none when nothing is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).annotations).toEqual({});
  });

  it('may hold variables in their values, but not in the keys of a mapping', async () => {
    const env = { TEAM: 'blue' };
    const service = await serviceOf(web('annotations: {$TEAM: $TEAM}'), { env });
    expect(service.annotations).toEqual({ $TEAM: 'blue' });
  });

  it('merge by key, across both forms, and keep the order of keys in print', async () => {
    const merged = { annotations: { a: '1', b: '9', c: '3' } };
    const base = 'annotations: {c: 3, b: 2}';
    expect(await canonicalOf(overridden(web(base), web('annotations: [b=9, a=1]')))).toEqual(merged);
    expect(await canonicalOf(extending(base, 'annotations: {b: 9, a: 1}'))).toEqual(merged);
  });

  it('reach the typed project as they are', async () => {
    expect((await serviceOf(web('annotations: [run.oci.keep_original_groups=1]'))).annotations).toEqual({
      'run.oci.keep_original_groups': '1',
    });
  });

  it('are refused where they are no pairs', async () => {
    expect(await placesIn(web('annotations: a=1'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('annotations: [a=1, 2]'))).toEqual(['4:24 COMPOSE_TYPE']);
    expect(await placesIn(web('annotations: {a: [1]}'))).toEqual(['4:19 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, web } from '../load/loading.ts';

describe('develop', () => {
  it('is printed when it is written, however empty it is', async () => {
    expect(await canonicalOf(web('develop: {watch: []}'))).toEqual({ develop: {} });
    expect(await canonicalOf(web('develop:'))).toEqual({});
  });

  it('merges with a later one', async () => {
    expect(await mergedOf('develop: {}', 'develop: {watch: [{path: a, action: rebuild}]}')).toEqual({
      develop: { watch: [{ path: '/p/a', action: 'rebuild', exec: { command: null } }] },
    });
  });

  it('is a mapping of known keys', async () => {
    expect(await placesIn(web('develop: a'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('develop: {wach: []}'))).toEqual(['4:15 COMPOSE_UNKNOWN_KEY']);
    expect(await placesIn(web('develop: {watch: a}'))).toEqual(['4:22 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../load/loading.ts';

describe('storage_opt', () => {
  it('is a mapping of options, printed as text', async () => {
    expect(await canonicalOf(web('storage_opt: {size: 1G, inodes: 5000}'))).toEqual({
      storage_opt: { inodes: '5000', size: '1G' },
    });
    expect(await canonicalOf(web('storage_opt: {}'))).toEqual({});
  });

  it('may hold variables, and is added to by what is laid over it', async () => {
    const env = { SIZE: '2G' };
    expect(await mergedOf('storage_opt: {size: 1G, a: b}', 'storage_opt: {size: $SIZE}', { env })).toEqual({
      storage_opt: { a: 'b', size: '2G' },
    });
  });

  it('changes nothing in this version, which is said', async () => {
    expect(await warningsIn(web('storage_opt: {size: 1G}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.storage_opt',
    ]);
  });

  it('is refused where it is no mapping', async () => {
    expect(await placesIn(web('storage_opt: size=1G'))).toEqual(['4:18 COMPOSE_TYPE']);
    expect(await placesIn(web('storage_opt: [size=1G]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

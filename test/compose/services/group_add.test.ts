import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';

describe('group_add', () => {
  it('is a list of names and numbers, printed as text', async () => {
    expect(await canonicalOf(web('group_add: [mail, 100, "200"]'))).toEqual({
      group_add: ['mail', '100', '200'],
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('group_add: []'))).toEqual({});
    expect((await serviceOf(web())).groupAdd).toEqual([]);
    expect((await serviceOf(web('group_add: [44, video]'))).groupAdd).toEqual(['44', 'video']);
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('group_add: ["${GID}"]'), { env: { GID: '999' } })).toEqual({
      group_add: ['999'],
    });
  });

  it('is appended to by an override and by a service that extends', async () => {
    expect(await mergedOf('group_add: [mail]', 'group_add: [100]')).toEqual({ group_add: ['mail', '100'] });
  });

  it('is refused where it is no list of names and numbers', async () => {
    expect(await placesIn(web('group_add: mail'))).toEqual(['4:16 COMPOSE_TYPE']);
    expect(await placesIn(web('group_add: [true]'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('group_add: [[mail]]'))).toEqual(['4:17 COMPOSE_TYPE']);
  });
});

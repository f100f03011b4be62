import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web, withoutEffectIn } from '../load/loading.ts';

describe('external_links', () => {
  it('is a list of containers, with an alias or without, which is printed as it is written', async () => {
    expect(await canonicalOf(web('external_links: [redis, "db:mysql"]'))).toEqual({
      external_links: ['redis', 'db:mysql'],
    });
  });

  it('may hold variables, and is absent when nothing is said', async () => {
    const yaml = web('external_links: ["${TEAM}_db:db"]');
    expect(await canonicalOf(yaml, { env: { TEAM: 'blue' } })).toEqual({ external_links: ['blue_db:db'] });
    expect(await canonicalOf(web('external_links: []'))).toEqual({});
  });

  it('makes no dependency: the containers are not of this project', async () => {
    const { dependsOn, links } = await serviceOf(`${web('external_links: [db]')}  db: {image: y}\n`);
    expect({ dependsOn, links }).toEqual({ dependsOn: {}, links: {} });
  });

  it('is appended to by an override and by a service that extends', async () => {
    expect(await mergedOf('external_links: [a]', 'external_links: ["b:c"]')).toEqual({
      external_links: ['a', 'b:c'],
    });
  });

  it('is carried along and warned of: it has no effect in this version', async () => {
    expect(await withoutEffectIn(web('external_links: [a]'))).toEqual(['services.external_links']);
  });

  it('is refused where it is no list of text', async () => {
    expect(await placesIn(web('external_links: a'))).toEqual(['4:21 COMPOSE_TYPE']);
    expect(await placesIn(web('external_links: [1]'))).toEqual(['4:22 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';

describe('dns_search', () => {
  it('is one domain or a list of them, printed as a list', async () => {
    expect(await canonicalOf(web('dns_search: a.test'))).toEqual({ dns_search: ['a.test'] });
    expect(await canonicalOf(web('dns_search: [b.test, a.test, .]'))).toEqual({
      dns_search: ['b.test', 'a.test', '.'],
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('dns_search: []'))).toEqual({});
    expect((await serviceOf(web())).dnsSearch).toEqual([]);
    expect((await serviceOf(web('dns_search: a.test'))).dnsSearch).toEqual(['a.test']);
  });

  it('may hold variables', async () => {
    const yaml = web('dns_search: [$ZONE, "eu.$ZONE"]');
    expect(await canonicalOf(yaml, { env: { ZONE: 'a.test' } })).toEqual({
      dns_search: ['a.test', 'eu.a.test'],
    });
  });

  it('is appended to by an override and by a service that extends, each domain once', async () => {
    expect(await mergedOf('dns_search: [a.test, b.test]', 'dns_search: b.test')).toEqual({
      dns_search: ['a.test', 'b.test'],
    });
    expect(await mergedOf('dns_search: a.test', 'dns_search: [b.test]')).toEqual({
      dns_search: ['a.test', 'b.test'],
    });
  });

  it('is refused where it is neither text nor a list of text', async () => {
    expect(await placesIn(web('dns_search: 5'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('dns_search: [a.test, true]'))).toEqual(['4:26 COMPOSE_TYPE']);
  });
});

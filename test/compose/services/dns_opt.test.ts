import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';

describe('dns_opt', () => {
  it('is a list of resolver options, which are printed as they are written', async () => {
    expect(await canonicalOf(web('dns_opt: ["ndots:2", use-vc]'))).toEqual({
      dns_opt: ['ndots:2', 'use-vc'],
    });
  });

  it('is empty when nothing is said', async () => {
    expect(await canonicalOf(web('dns_opt: []'))).toEqual({});
    expect((await serviceOf(web())).dnsOptions).toEqual([]);
    expect((await serviceOf(web('dns_opt: [use-vc]'))).dnsOptions).toEqual(['use-vc']);
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('dns_opt: ["ndots:${NDOTS:-2}"]'))).toEqual({ dns_opt: ['ndots:2'] });
  });

  it('is appended to, each option once: the same one with another value is another', async () => {
    expect(await mergedOf('dns_opt: ["ndots:2", use-vc]', 'dns_opt: [use-vc, "ndots:3"]')).toEqual({
      dns_opt: ['ndots:2', 'use-vc', 'ndots:3'],
    });
  });

  it('is refused where it is no list of text', async () => {
    expect(await placesIn(web('dns_opt: use-vc'))).toEqual(['4:14 COMPOSE_TYPE']);
    expect(await placesIn(web('dns_opt: [{ndots: 2}]'))).toEqual(['4:15 COMPOSE_TYPE']);
  });
});

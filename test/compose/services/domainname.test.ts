import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, serviceOf, web } from '../load/loading.ts';

describe('domainname', () => {
  it('is text that is printed as it is written', async () => {
    expect(await canonicalOf(web('domainname: example.com'))).toEqual({ domainname: 'example.com' });
  });

  it('is absent when nothing is said', async () => {
    expect(await canonicalOf(web('domainname: ""'))).toEqual({});
    expect((await serviceOf(web())).domainname).toBeUndefined();
    expect((await serviceOf(web('domainname: a.test'))).domainname).toBe('a.test');
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('domainname: ${TEAM}.test'), { env: { TEAM: 'blue' } })).toEqual({
      domainname: 'blue.test',
    });
  });

  it('is replaced by an override and by a service that extends', async () => {
    expect(await mergedOf('domainname: a.test', 'domainname: b.test')).toEqual({ domainname: 'b.test' });
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(web('domainname: 5'))).toEqual(['4:17 COMPOSE_TYPE']);
    expect(await placesIn(web('domainname: [a.test]'))).toEqual(['4:5 COMPOSE_TYPE']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../load/loading.ts';

describe('dns', () => {
  it('is one address or a list of them, printed as a list', async () => {
    expect(await canonicalOf(web('dns: 1.1.1.1'))).toEqual({ dns: ['1.1.1.1'] });
    expect(await canonicalOf(web('dns: [1.1.1.1, "2606:4700:4700::1111"]'))).toEqual({
      dns: ['1.1.1.1', '2606:4700:4700::1111'],
    });
  });

  it("is the host's when nothing is said", async () => {
    expect(await canonicalOf(web('dns: []'))).toEqual({});
    expect((await serviceOf(web())).dns).toEqual([]);
    expect((await serviceOf(web('dns: 1.1.1.1'))).dns).toEqual(['1.1.1.1']);
  });

  it('may hold variables', async () => {
    expect(await canonicalOf(web('dns: ${DNS}'), { env: { DNS: '1.1.1.1' } })).toEqual({ dns: ['1.1.1.1'] });
  });

  it('is appended to by an override and by a service that extends, each address once', async () => {
    expect(await mergedOf('dns: 1.1.1.1', 'dns: [8.8.8.8, 1.1.1.1]')).toEqual({
      dns: ['1.1.1.1', '8.8.8.8'],
    });
  });

  it('is refused where it is neither text nor a list of text', async () => {
    expect(await placesIn(web('dns: 1'))).toEqual(['4:10 COMPOSE_TYPE']);
    expect(await placesIn(web('dns: {a: b}'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await placesIn(web('dns: [1.1.1.1, 1.1]'))).toEqual(['4:20 COMPOSE_TYPE']);
  });

  it('is refused where it is no address, when the project is to be started', async () => {
    const yaml = web('dns: [1.1.1.1, one.one]');
    expect(await mistakesIn(yaml)).toEqual([
      '4:20 COMPOSE_VALUE: services.web.dns[1]: "one.one" is no address -> write the address of a name server, such as 1.1.1.1',
    ]);
    expect(await mistakesIn(yaml, { purpose: 'read' })).toEqual([]);
  });
});

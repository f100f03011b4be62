import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../../load/loading.ts';

describe('deploy.endpoint_mode', () => {
  it.each(['vip', 'dnsrr'])('is printed as it is written: %s', async (mode) => {
    expect(await canonicalOf(web('deploy: {endpoint_mode: $MODE}'), { env: { MODE: mode } })).toEqual({
      deploy: { resources: {}, placement: {}, endpoint_mode: mode },
    });
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('deploy: {endpoint_mode: vip}', 'deploy: {endpoint_mode: dnsrr}')).toEqual({
      deploy: { resources: {}, placement: {}, endpoint_mode: 'dnsrr' },
    });
  });

  it("is a cluster's, and has no effect on one machine", async () => {
    expect(await warningsIn(web('deploy: {endpoint_mode: vip}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.endpoint_mode',
    ]);
  });

  it('is text', async () => {
    expect(await placesIn(web('deploy: {endpoint_mode: [vip]}'))).toEqual(['4:14 COMPOSE_TYPE']);
  });
});

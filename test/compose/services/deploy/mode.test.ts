import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, warningsIn, web } from '../../load/loading.ts';

describe('deploy.mode', () => {
  it.each(['replicated', 'global', 'replicated-job', 'global-job', '$MODE'])(
    'is printed as it is written: %s',
    async (mode) => {
      expect(await canonicalOf(web(`deploy: {mode: ${mode}}`), { env: { MODE: 'own' } })).toEqual({
        deploy: { mode: mode === '$MODE' ? 'own' : mode, resources: {}, placement: {} },
      });
    },
  );

  it('is replaced by a later one', async () => {
    expect(await mergedOf('deploy: {mode: global}', 'deploy: {mode: replicated}')).toEqual({
      deploy: { mode: 'replicated', resources: {}, placement: {} },
    });
  });

  it("is a cluster's, and has no effect on one machine", async () => {
    expect(await warningsIn(web('deploy: {mode: global}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.mode',
    ]);
  });

  it('is text', async () => {
    expect(await placesIn(web('deploy: {mode: 1}'))).toEqual(['4:20 COMPOSE_TYPE']);
  });
});

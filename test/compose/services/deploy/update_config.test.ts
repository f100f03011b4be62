import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, warningsIn, web } from '../../load/loading.ts';
import { noUpdates } from './updates.ts';

describe('deploy.update_config', () => {
  it('says how a cluster updates a service, with numbers and durations in their printed form', async () => {
    const yaml = web(
      'deploy: {update_config: {parallelism: "2", delay: 90s, failure_action: continue, monitor: $MONITOR, max_failure_ratio: "0.5", order: start-first}}',
    );
    expect(await canonicalOf(yaml, { env: { MONITOR: '1m' } })).toEqual({
      deploy: {
        update_config: {
          parallelism: 2,
          delay: '1m30s',
          failure_action: 'continue',
          monitor: '1m0s',
          max_failure_ratio: 0.5,
          order: 'start-first',
        },
        resources: {},
        placement: {},
      },
    });
  });

  it('prints a parallelism of zero, and no other zero', async () => {
    const yaml = web(
      'deploy: {update_config: {parallelism: 0, delay: 0s, monitor: 0s, max_failure_ratio: 0, failure_action: pause, order: stop-first}}',
    );
    expect(await canonicalOf(yaml)).toEqual({
      deploy: {
        update_config: { parallelism: 0, failure_action: 'pause', order: 'stop-first' },
        resources: {},
        placement: {},
      },
    });
  });

  it('merges key by key', async () => {
    expect(
      await mergedOf(
        'deploy: {update_config: {parallelism: 1, order: start-first}}',
        'deploy: {update_config: {parallelism: 2}}',
      ),
    ).toEqual({
      deploy: { update_config: { parallelism: 2, order: 'start-first' }, resources: {}, placement: {} },
    });
  });

  it("is a cluster's, and has no effect on one machine", async () => {
    expect(await warningsIn(web('deploy: {update_config: {}}'))).toEqual([
      'COMPOSE_NO_EFFECT: these attributes have no effect in this version: services.deploy.update_config',
    ]);
  });

  it.each(noUpdates)('refuses %s', async (written, place) => {
    expect(await placesIn(web('deploy:', '  update_config:', `    ${written}`))).toEqual([place]);
  });

  it('counts nothing that is less than nothing', async () => {
    expect(await mistakesIn(web('deploy: {update_config: {parallelism: -1}}'))).toEqual([
      '4:43 COMPOSE_TYPE: services.web.deploy.update_config.parallelism: -1 is too low: 0 is the least -> write how many',
    ]);
  });
});

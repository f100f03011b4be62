import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, placesIn, projectOf, web } from '../load/loading.ts';

describe('deploy', () => {
  it.each(['{}', '{resources: {}, placement: {}}', '{labels: []}'])(
    'is always printed with resources and placement, however empty it is: %s',
    async (deploy) => {
      expect(await canonicalOf(web(`deploy: ${deploy}`))).toEqual({
        deploy: { resources: {}, placement: {} },
      });
    },
  );

  it('is not there when nothing stands under it', async () => {
    expect(await canonicalOf(web('deploy:'))).toEqual({});
  });

  it('prints sections that are written, however empty they are', async () => {
    expect(
      await canonicalOf(
        web(
          'deploy: {update_config: {}, rollback_config: {}, restart_policy: {}, resources: {limits: {}, reservations: {}}}',
        ),
      ),
    ).toEqual({
      deploy: {
        update_config: {},
        rollback_config: {},
        resources: { limits: {}, reservations: {} },
        restart_policy: {},
        placement: {},
      },
    });
  });

  it('merges key by key', async () => {
    expect(await mergedOf('deploy: {mode: global, replicas: 1}', 'deploy: {replicas: 2}')).toEqual({
      deploy: { mode: 'global', replicas: 2, resources: {}, placement: {} },
    });
  });

  it('is the same for every service that shares it by an anchor', async () => {
    const { services } = await projectOf(
      'x-deploy: &deploy {replicas: 2}\nservices: {a: {image: x, deploy: *deploy}, b: {image: x, deploy: {<<: *deploy, replicas: 3}}}',
    );
    expect([services.a!.scale, services.b!.scale]).toEqual([2, 3]);
  });

  it('is a mapping of known keys', async () => {
    expect(await placesIn(web('deploy: [a]'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await placesIn(web('deploy: {replica: 2, x-own: 1}'))).toEqual(['4:14 COMPOSE_UNKNOWN_KEY']);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mergedOf, mistakesIn, placesIn, serviceOf, web } from '../../load/loading.ts';

describe('deploy.replicas', () => {
  it.each([
    ['3', 3],
    ['"3"', 3],
    ['$COUNT', 3],
    ['0', 0],
  ])('is a whole number, zero among them: %s', async (replicas, count) => {
    const yaml = web(`deploy: {replicas: ${replicas}}`);
    expect(await canonicalOf(yaml, { env: { COUNT: '3' } })).toEqual({
      deploy: { replicas: count, resources: {}, placement: {} },
    });
    expect((await serviceOf(yaml, { env: { COUNT: '3' } })).scale).toBe(count);
  });

  it('is one container when nothing is said', async () => {
    expect((await serviceOf(web('deploy: {}'))).scale).toBe(1);
  });

  it('is replaced by a later one', async () => {
    expect(await mergedOf('deploy: {replicas: 3}', 'deploy: {replicas: 2}')).toEqual({
      deploy: { replicas: 2, resources: {}, placement: {} },
    });
  });

  it('must agree with scale, and excludes a fixed container name when it is above one', async () => {
    expect(await canonicalOf(web('scale: 2', 'deploy: {replicas: 2}'))).toEqual({
      deploy: { replicas: 2, resources: {}, placement: {} },
      scale: 2,
    });
    expect(await mistakesIn(web('scale: 2', 'deploy: {replicas: 3}'))).toEqual([
      "4:12 COMPOSE_CONFLICT: services.web: can't set distinct values on 'scale' and 'deploy.replicas' -> keep one of the two",
    ]);
    expect(await mistakesIn(web('container_name: only', 'deploy: {replicas: 2}'))).toEqual([
      "4:21 COMPOSE_CONFLICT: services.web: can't set container_name and deploy.replicas as container name must be unique -> take container_name out, or run one container",
    ]);
  });

  it('is a whole number', async () => {
    expect(await placesIn(web('deploy: {replicas: many}'))).toEqual(['4:24 COMPOSE_TYPE']);
    expect(await placesIn(web('deploy: {replicas: 1.5}'))).toEqual(['4:24 COMPOSE_TYPE']);
  });

  it('counts nothing that is less than nothing', async () => {
    expect(await mistakesIn(web('deploy: {replicas: -1}'), { purpose: 'read' })).toEqual([
      '4:24 COMPOSE_TYPE: services.web.deploy.replicas: -1 is too low: 0 is the least -> write how many',
    ]);
  });
});

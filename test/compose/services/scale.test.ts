import { describe, expect, it } from 'vitest';
import { canonicalOf, extending, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('scale', () => {
  it.each([
    ['3', 3],
    ['"3"', 3],
    ['0', 0],
  ])('%s is how many containers run, printed as a number', async (written, scale) => {
    expect(await canonicalOf(web(`scale: ${written}`))).toEqual({ scale });
    expect((await serviceOf(web(`scale: ${written}`))).scale).toBe(scale);
  });

  it('cannot be less than nothing', async () => {
    expect(await mistakesIn(web('scale: -1'), { purpose: 'read' })).toEqual([
      '4:12 COMPOSE_TYPE: services.web.scale: -1 is too low: 0 is the least -> write how many',
    ]);
  });

  it('is one when nothing is said', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).scale).toBe(1);
  });

  it('may be a variable, which is cast to a number', async () => {
    expect(await canonicalOf(web('scale: ${N}'), { env: { N: '4' } })).toEqual({ scale: 4 });
    expect(await mistakesIn(web('scale: ${N}'), { env: { N: 'four' } })).toEqual([
      '4:12 COMPOSE_TYPE: services.web.scale: "four" is no whole number -> write a whole number',
    ]);
  });

  it('is replaced by an override, and inherited by a service that extends', async () => {
    expect(await canonicalOf(overridden(web('scale: 2'), web('scale: 3')))).toEqual({ scale: 3 });
    expect(await canonicalOf(extending('scale: 2', 'tty: true'))).toEqual({ scale: 2, tty: true });
  });

  it('agrees with deploy.replicas, or is refused', async () => {
    expect((await serviceOf(web('scale: 2', 'deploy: {replicas: 2}'))).scale).toBe(2);
    expect((await serviceOf(web('deploy: {replicas: 3}'))).scale).toBe(3);
    expect(await mistakesIn(web('scale: 2', 'deploy: {replicas: 3}'))).toEqual([
      "4:12 COMPOSE_CONFLICT: services.web: can't set distinct values on 'scale' and 'deploy.replicas' -> keep one of the two",
    ]);
  });

  it('is refused above one beside a container_name, which only one container can have', async () => {
    expect(await mistakesIn(web('container_name: only', 'scale: 2'))).toEqual([
      "4:21 COMPOSE_CONFLICT: services.web: can't set container_name and scale as container name must be unique -> take container_name out, or run one container",
    ]);
    expect(await mistakesIn(web('container_name: only', 'scale: 1'))).toEqual([]);
  });

  it('is refused where it is no whole number, or less than none', async () => {
    expect(await placesIn(web('scale: 1.5'))).toEqual(['4:12 COMPOSE_TYPE']);
    expect(await placesIn(web('scale: [1]'))).toEqual(['4:5 COMPOSE_TYPE']);
    expect(await mistakesIn(web('scale: -1'))).toEqual([
      '4:12 COMPOSE_VALUE: services.web.scale: -1 containers cannot run -> write 0 or more',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { canonicalOf, mistakesIn, overridden, placesIn, serviceOf, web } from '../load/loading.ts';

describe('container_name', () => {
  it('is text that is printed as it is written', async () => {
    expect(await canonicalOf(web('container_name: My_web-1.x'))).toEqual({ container_name: 'My_web-1.x' });
  });

  it('is absent when nothing is said: containers are named after project, service and number', async () => {
    expect(await canonicalOf(web())).toEqual({});
    expect((await serviceOf(web())).containerName).toBeUndefined();
    expect((await serviceOf(web('container_name: own'))).containerName).toBe('own');
  });

  it('may hold variables, the name of the project too', async () => {
    expect(
      await canonicalOf(web('container_name: ${COMPOSE_PROJECT_NAME}_${ROLE}'), { env: { ROLE: 'db' } }),
    ).toEqual({ container_name: 'p_db' });
  });

  it('is replaced by an override and by a service that extends', async () => {
    const last = { container_name: 'bb' };
    expect(await canonicalOf(overridden(web('container_name: aa'), web('container_name: bb')))).toEqual(last);
    const yaml =
      'services:\n  base: {image: x, container_name: aa}\n  web: {extends: base, container_name: bb}\n';
    expect(await canonicalOf(yaml)).toEqual(last);
  });

  it('is refused beside more than one container, whichever attribute asks for them', async () => {
    expect(await mistakesIn(web('container_name: own', 'scale: 2'))).toEqual([
      "4:21 COMPOSE_CONFLICT: services.web: can't set container_name and scale as container name must be unique -> take container_name out, or run one container",
    ]);
    expect(await mistakesIn(web('container_name: own', 'deploy: {replicas: 2}'))).toEqual([
      "4:21 COMPOSE_CONFLICT: services.web: can't set container_name and deploy.replicas as container name must be unique -> take container_name out, or run one container",
    ]);
    expect(await mistakesIn(web('container_name: own', 'scale: 1'))).toEqual([]);
    expect(await mistakesIn(web('container_name: own', 'scale: 0'))).toEqual([]);
  });

  it('is refused where two services have the same one, unless one of them is off', async () => {
    const yaml = `services:
  a: {image: x, container_name: own}
  b: {image: x, container_name: own, profiles: [p]}
`;
    expect(await mistakesIn(yaml)).toEqual([]);
    expect(await mistakesIn(yaml, { profiles: ['p'] })).toEqual([
      '3:33 COMPOSE_CONFLICT: services.b: container name "own" is already in use by service "a" -> container names are unique on a machine; take one of the two out',
    ]);
  });

  it('is refused where it is no text, or cannot be a name', async () => {
    expect(await placesIn(web('container_name: 5'))).toEqual(['4:21 COMPOSE_TYPE']);
    expect(await placesIn(web('container_name: a'))).toEqual(['4:21 COMPOSE_VALUE']);
    expect(await placesIn(web('container_name: ""'))).toEqual(['4:21 COMPOSE_VALUE']);
  });

  it('is refused for a letter that the engine would not take, when the project is to be started', async () => {
    expect(await mistakesIn(web('container_name: my web'))).toEqual([
      '4:21 COMPOSE_NAME: services.web.container_name: "my web" cannot be the name of a container -> use letters, digits, dots, dashes and underscores, at least two',
    ]);
    expect(await mistakesIn(web('container_name: my web'), { purpose: 'read' })).toEqual([]);
  });
});

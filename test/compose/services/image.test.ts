import { describe, expect, it } from 'vitest';
import { configOf, mistakesIn, overridden, placesIn, projectOf, serviceOf } from '../load/loading.ts';

const of = (image: string, rest = ''): string => `services:\n  web:\n    image: ${image}\n${rest}`;
const imageIn = async (yaml: Parameters<typeof configOf>[0], env = {}) =>
  (await configOf(yaml, { env })).services;
const web = { command: null, entrypoint: null, networks: { default: null } };

describe('image', () => {
  it.each([
    'nginx',
    'nginx:1.27-alpine',
    'shop/web',
    'localhost:5000/shop/web:v2',
    'ghcr.io/shop/web@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'nginx:1.27@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  ])('%s is printed as it is written: no registry or tag is added', async (image) => {
    expect(await imageIn(of(image))).toEqual({ web: { ...web, image } });
    expect((await serviceOf(of(image))).image).toBe(image);
  });

  it('may be left out where the service is built, and names what is built where both are written', async () => {
    const build = { context: '/p', dockerfile: 'Dockerfile' };
    expect(await imageIn('services: {web: {build: .}}')).toEqual({ web: { ...web, build } });
    expect(await imageIn('services: {web: {build: ., image: shop/web}}')).toEqual({
      web: { ...web, build, image: 'shop/web' },
    });
  });

  it('may hold variables with defaults', async () => {
    const yaml = of('${REGISTRY:-docker.io}/web:${TAG:?which one}');
    expect(await imageIn(yaml, { TAG: '2' })).toEqual({ web: { ...web, image: 'docker.io/web:2' } });
    expect(await mistakesIn(yaml)).toEqual([
      '3:39 COMPOSE_REQUIRED_VARIABLE: services.web.image: required variable TAG is missing a value: which one -> set TAG in the environment or in .env',
    ]);
  });

  it('is replaced by an override, which may give a built service one', async () => {
    expect(await imageIn(overridden(of('a'), of('b')))).toEqual({ web: { ...web, image: 'b' } });
    const { web: built } = (await projectOf(overridden('services: {web: {build: .}}', of('b')))).services;
    expect(built).toMatchObject({ image: 'b', build: { context: '/p' } });
  });

  it('is taken from the service that is extended', async () => {
    expect(await imageIn('services: {base: {image: a}, web: {extends: base}}')).toMatchObject({
      web: { image: 'a' },
    });
  });

  it('is required where nothing else says what runs', async () => {
    expect(await mistakesIn('services:\n  web:\n    tty: true\n')).toEqual([
      '2:3 COMPOSE_NO_IMAGE: service "web" has neither an image nor a build context specified -> add `image:` or `build:`',
    ]);
    expect(await placesIn(of('""'))).toEqual(['2:3 COMPOSE_NO_IMAGE']);
  });

  it.each([
    ['Shop/Web', '"Shop/Web" is no image reference -> repositories are in lower case: write shop/web'],
    [
      'web:${TAG}',
      '"web:" is no image reference -> check the variables in web:${TAG}: one of them is empty or no part of a name',
    ],
    [
      'https://ghcr.io/web',
      '"https://ghcr.io/web" is no image reference -> write [registry/]repository[:tag][@digest], such as nginx:1.27 or localhost:5000/shop/web',
    ],
  ])('refuses %s when the project is to be started', async (image, mistake) => {
    expect(await mistakesIn(of(image))).toEqual([`3:12 COMPOSE_VALUE: services.web.image: ${mistake}`]);
    expect(await mistakesIn(of(image), { purpose: 'read' })).toEqual([]);
  });

  it('is refused where it is no text', async () => {
    expect(await placesIn(of('1.27'))).toEqual(['3:12 COMPOSE_TYPE']);
    expect(await placesIn(of('[nginx]'))).toEqual(['3:5 COMPOSE_TYPE']);
  });
});

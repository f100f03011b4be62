import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of images without a tag and of latest', async () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const yaml = `services:
  a: {image: nginx}
  b: {image: "localhost:5000/nginx"}
  c: {image: "nginx:latest"}
  d: {image: "nginx:1.27"}
  e: {image: "nginx@${digest}"}
  f: {image: own, build: .}
  g: {image: "nginx:\${TAG:-latest}"}
`;
  expect(await lintOf('COMPOSE_LATEST_TAG', yaml)).toEqual([
    '2:14 services.a.image: nginx has no tag, which means latest -> write a version',
    '3:14 services.b.image: localhost:5000/nginx has no tag, which means latest -> write a version',
    '4:14 services.c.image: nginx:latest is whatever is newest -> write a version',
    '8:14 services.g.image: nginx:latest is whatever is newest -> write a version',
  ]);
});

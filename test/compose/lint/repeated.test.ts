import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

it('warns of items of one list that are written twice, though they say the same', async () => {
  const yaml = 'services: {web: {image: "x:1", ports: ["80:80", "81:80", "80:80"], command: [a, a]}}';
  expect(await lintOf('COMPOSE_WRITTEN_TWICE', yaml)).toEqual([
    '1:40 /p/compose.yaml: services.web.ports: "80:80" is written twice -> take it out, or the other one',
  ]);
});

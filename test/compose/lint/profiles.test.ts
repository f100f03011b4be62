import { expect, it } from 'vitest';
import { mistakesIn } from '../load/loading.ts';

it('finds mistakes of services behind every profile, each profile by itself', async () => {
  const yaml = `services:
  web: {image: "x:1"}
  a: {image: "x:1", profiles: [a], container_name: one, volumes: [gone:/v]}
  b: {image: "x:1", profiles: [b], container_name: one, env_file: no.env}
`;
  expect(await mistakesIn(yaml)).toEqual([]);
  expect(await mistakesIn(yaml, { purpose: 'lint' })).toEqual([
    '3:67 COMPOSE_UNDEFINED: service "a" refers to undefined volume gone -> declare it: `volumes: {gone: …}` at the top level',
    '4:67 COMPOSE_ENV_FILE: env file /p/no.env not found -> make the file, or write {path: …, required: false}',
  ]);
});

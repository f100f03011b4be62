import { expect, it } from 'vitest';
import { mistakesIn } from '../load/loading.ts';
import { lintOf } from './linting.ts';

const two = (one: string, other: string): string => `services:
  a: {image: "x:1", ports: ["81:80"]${one}}
  b: {image: "x:1", ports: ["127.0.0.1:81:80"]${other}}
`;

it('warns of one port of the host for services of different profiles', async () => {
  expect(await lintOf('COMPOSE_SHARED_PORT', two(', profiles: [p]', ', profiles: [q]'))).toEqual([
    '3:29 services.b: port 81/tcp is published by service "a" too, which has another profile -> publish another port if the two are ever to run together',
  ]);
});

it.each([
  ['always', '', ''],
  ['with one profile', '', ', profiles: [q]'],
  ['with a profile that both have', ', profiles: [p, q]', ', profiles: [q]'],
])('is an error of services that are up together %s', async (_when, one, other) => {
  expect(await lintOf('COMPOSE_SHARED_PORT', two(one, other))).toEqual([]);
  expect(await mistakesIn(two(one, other), { purpose: 'lint' })).toEqual([
    '3:29 COMPOSE_PORT: services.b: port 81/tcp is already published by service "a" -> publish one of the two on another host port or address',
  ]);
});

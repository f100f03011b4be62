import { expect, it } from 'vitest';
import { keysWithoutEffect } from '../../../src/compose/load/without-effect.ts';
import { lintOf } from './linting.ts';

it('warns of each attribute that changes nothing, at its place', async () => {
  // The list shrinks as attributes are carried out: one that a driver of a network cannot know stays.
  expect(keysWithoutEffect.networks).toContain('driver_opts.*');
  const yaml = `services: {web: {image: "x:1", networks: [n]}}
networks: {n: {driver_opts: {com.example.unknown: "1"}}}
`;
  expect(await lintOf('COMPOSE_NO_EFFECT', yaml)).toEqual([
    '2:30 networks.n.driver_opts.com.example.unknown has no effect in this version',
  ]);
});

import { expect, test } from 'vitest';
import type { ContainerSpec } from '../../src/compose/plan/plan.ts';
import { commandOf } from '../../src/engine/bundle-request.ts';
import type { ImageConfig } from '../../src/image/images.ts';

type Words = readonly string[];

test.each<[string, Pick<ContainerSpec, 'entrypoint' | 'command'>, { entrypoint: Words; cmd: Words }, Words]>([
  ['nothing of the service', {}, { entrypoint: ['e'], cmd: ['c'] }, ['e', 'c']],
  ['a command', { command: ['mine'] }, { entrypoint: ['e'], cmd: ['c'] }, ['e', 'mine']],
  ['an entrypoint', { entrypoint: ['own'] }, { entrypoint: ['e'], cmd: ['c'] }, ['own']],
  ['both', { entrypoint: ['own'], command: ['mine'] }, { entrypoint: ['e'], cmd: ['c'] }, ['own', 'mine']],
  ['an empty command', { command: [] }, { entrypoint: ['e'], cmd: ['c'] }, ['e']],
  ['an empty command with no entrypoint', { command: [] }, { entrypoint: [], cmd: ['c'] }, ['c']],
  ['an empty entrypoint', { entrypoint: [] }, { entrypoint: ['e'], cmd: ['c'] }, ['c']],
  ['nothing anywhere', {}, { entrypoint: [], cmd: [] }, []],
])('with %s the process is what Docker runs', (_, service, image, words) => {
  expect(commandOf(service as ContainerSpec, image as ImageConfig)).toEqual(words);
});

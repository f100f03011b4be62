import { expect, it } from 'vitest';
import { lintOf } from './linting.ts';

const modes = (mode: string): Promise<readonly string[]> =>
  lintOf('COMPOSE_MODE', {
    '/p/compose.yaml': `services: {web: {image: "x:1", secrets: [{source: s, mode: ${mode}}]}}\nsecrets: {s: {file: s}}`,
    '/p/s': '',
  });

it('warns of permissions that YAML reads as a decimal number', async () => {
  expect(await modes('644')).toEqual([
    '1:60 services.web.secrets[0].mode: 644 is a decimal number; as permissions it is 1204 -> write "0644"',
  ]);
});

it('warns of octal permissions that are decimal to readers of YAML 1.2', async () => {
  expect(await modes('0644')).toEqual([
    '1:60 services.web.secrets[0].mode: YAML 1.2 takes 0644 for the number 644 -> write "0644"',
  ]);
});

it.each(['"0644"', '0o644', '0', '${MODE:-0644}'])('takes %s', async (mode) => {
  expect(await modes(mode.startsWith('$') ? `"${mode}"` : mode)).toEqual([]);
});

it('knows that the mode of a tmpfs has to be a number', async () => {
  const yaml = 'services: {web: {image: "x:1", volumes: [{type: tmpfs, target: /t, tmpfs: {mode: 1777}}]}}';
  expect(await lintOf('COMPOSE_MODE', yaml)).toEqual([
    '1:82 services.web.volumes[0].tmpfs.mode: 1777 is a decimal number; as permissions it is 3361 -> write 0o1777',
  ]);
});

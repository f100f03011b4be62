import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadProject } from '../../src/load-project.ts';

const example = fileURLToPath(new URL('../../examples/todo/', import.meta.url));

async function loaded() {
  return loadProject({ files: [`${example}compose.yaml`], environment: {} });
}

test('the to-do example loads without a mistake', async () => {
  const { problems } = await loaded();
  expect(problems).toEqual([]);
});

test('every image of the to-do example has a recipe', async () => {
  const { project } = await loaded();
  const images = Object.values(project?.services ?? {})
    .map(({ image }) => image ?? '')
    .sort();
  expect(
    images.map((image) => [image, existsSync(`${example}images/${image.split(':')[0]}/packages`)]),
  ).toEqual([
    ['debian-mariadb:12', true],
    ['debian-nginx:12', true],
    ['debian-node:12', true],
  ]);
});

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('../../', import.meta.url));
const scripts = [
  '.ci/run',
  ...readdirSync(`${project}scripts`)
    .filter((name) => name.endsWith('.sh'))
    .map((name) => `scripts/${name}`),
  'examples/todo/images/debian-mariadb/prepare.sh',
  'examples/todo/images/debian-mariadb/files/usr/local/bin/entrypoint.sh',
];

test.each(scripts)('%s is a valid shell script', (script) => {
  const { status, stderr } = spawnSync('bash', ['-n', `${project}${script}`], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

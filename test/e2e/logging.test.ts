/** What is kept of a container's output: bounded by size and number of files, or not at all. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directoriesFor } from '../../src/host/directories.ts';
import { views } from './attributes.ts';
import { ended, type Stack, stack } from './stack.ts';

const patience = { timeout: 60_000 };

/** Sizes of the log files of a service's container. */
async function logFiles(made: Stack, service: string): Promise<readonly number[]> {
  const { [service]: view } = await views(made);
  const directory = join(directoriesFor(process.env, 0).data, 'containers', view?.id ?? '');
  const names = (await readdir(directory)).filter((name) => name.startsWith('container.log'));
  return Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
}

/** Writes numbered lines until `/over` is there, and then one of its own. */
const counting =
  'i=0; until [ -e /over ]; do i=$$((i + 1)); echo "$$i $$(printf %0400d 0)"; sleep 0.005; done; echo over';

test.each([
  ['json-file', 3],
  ['local', 2],
  ['json-file', 1],
])(
  'a log of %s is kept in %d files of its size, and who follows misses nothing',
  async (driver, maxFiles) => {
    const made = await stack(`
services:
  web:
    image: busybox
    command: [sh, -c, '${counting}']
    logging: {driver: ${driver}, options: {max-size: 20k, max-file: ${maxFiles}}}
`);
    await made.ok('up', '--detach');
    const following = ended(made.start('logs', '--follow', '--no-log-prefix', 'web'));
    const kept = async (): Promise<readonly number[]> =>
      (await made.ok('logs', '--no-log-prefix', 'web')).split('\n').map(Number.parseFloat);
    await expect.poll(async () => (await kept())[0], patience).toBeGreaterThan(100);
    expect((await logFiles(made, 'web')).length).toBeLessThanOrEqual(Math.max(2, maxFiles));
    await made.ok('exec', '-T', 'web', 'touch', '/over');
    const numbers = (await following).stdout.split('\n').slice(0, -2).map(Number.parseFloat);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    const last = (await made.ok('logs', '--no-log-prefix', '--tail', '3', 'web')).split('\n');
    expect(last.map((line) => line.split(' ', 1)[0])).toEqual([
      `${numbers.length - 1}`,
      `${numbers.length}`,
      'over',
      '',
    ]);
  },
);

test('without a bound everything is kept, and with the driver "none" nothing', async () => {
  const made = await stack(`
x-all: &all {image: busybox, command: seq 5000}
services:
  all: *all
  files: {<<: *all, logging: {options: {max-file: 3}}}
  none: {<<: *all, logging: {driver: none}}
`);
  await made.ok('up', '--detach');
  await made.run('wait', 'all', 'files', 'none');
  for (const service of ['all', 'files'])
    expect((await made.ok('logs', '--no-log-prefix', service)).split('\n')).toHaveLength(5001);
  expect(await made.ok('logs', 'none')).toBe('');
  expect(await logFiles(made, 'none')).toEqual([]);
  expect(await made.ok('run', '--rm', '-T', 'none', 'echo', 'attached')).toBe('attached\n');
});

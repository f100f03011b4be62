import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Engine, RuntimeWorld } from './runtime-harness.ts';

let world: RuntimeWorld;
let engine: Engine;
let image: string;

const request = (name: string, driverOptions: Record<string, string> = {}) => ({
  name,
  driver: 'local',
  driverOptions,
  labels: { a: 'b' },
});
const dataOf = (name: string): string => join(world.directories.data, 'volumes', name, '_data');

beforeAll(async () => {
  world = await RuntimeWorld.make();
  engine = await world.engine();
  image = join(world.root, 'image');
  await mkdir(join(image, 'srv/data/deep'), { recursive: true });
  await chown(join(image, 'srv/data'), 1000, 1001);
  execFileSync('chmod', ['2750', join(image, 'srv/data')]);
  await writeFile(join(image, 'srv/data/deep/file'), 'content', { mode: 0o640 });
  await link(join(image, 'srv/data/deep/file'), join(image, 'srv/data/twin'));
  await symlink('/etc/shadow', join(image, 'srv/data/outside'));
  await symlink('/srv', join(image, 'alias'));
  await mkdir(join(image, 'etc'));
  await symlink('../../../../../../../etc', join(image, 'escape'));
});

afterAll(async () => {
  await engine.close();
  const left = await world.leftovers();
  await world.remove();
  expect(left).toEqual([]);
});

test('an empty volume gets what the image has there, owner, mode, links and all', async () => {
  await engine.volumes.create(request('filled'));
  await engine.volumes.copyUp('filled', image, '/alias/data');
  const data = dataOf('filled');
  const root = await stat(data);
  expect({ uid: root.uid, gid: root.gid, mode: root.mode & 0o7777 }).toEqual({
    uid: 1000,
    gid: 1001,
    mode: 0o2750,
  });
  expect((await readdir(data)).sort()).toEqual(['deep', 'outside', 'twin']);
  expect((await lstat(join(data, 'deep/file'))).ino).toBe((await lstat(join(data, 'twin'))).ino);
  expect(await readlink(join(data, 'outside'))).toBe('/etc/shadow');
});

test('a volume with content is left alone', async () => {
  await engine.volumes.create(request('used'));
  await writeFile(join(dataOf('used'), 'mine'), '');
  await engine.volumes.copyUp('used', image, '/srv/data');
  expect(await readdir(dataOf('used'))).toEqual(['mine']);
});

test('a copy that was cut short is done again', async () => {
  await engine.volumes.create(request('half'));
  await mkdir(join(dataOf('half'), 'deep'));
  await writeFile(join(dataOf('half'), '../copying'), '/srv/data\n');
  await engine.volumes.copyUp('half', image, '/srv/data');
  expect(await readFile(join(dataOf('half'), 'deep/file'), 'utf8')).toBe('content');
  expect(existsSync(join(dataOf('half'), '../copying'))).toBe(false);
});

test('links of the image never lead out of it', async () => {
  await engine.volumes.create(request('safe'));
  await engine.volumes.copyUp('safe', image, '/escape');
  expect(await readdir(dataOf('safe'))).toEqual([]);
});

test('several containers that fill the same volume at once fill it once', async () => {
  await engine.volumes.create(request('race'));
  await Promise.all([1, 2, 3].map(() => engine.volumes.copyUp('race', image, '/srv/data')));
  expect((await readdir(dataOf('race'))).sort()).toEqual(['deep', 'outside', 'twin']);
});

test('the same name answers the same volume; removing it takes its data; absent is fine', async () => {
  const made = await engine.volumes.create(request('once'));
  expect(await engine.volumes.create({ ...request('once'), labels: {} })).toEqual(made);
  expect(await engine.volumes.get('once')).toEqual(made);
  await engine.volumes.remove('once');
  await engine.volumes.remove('once');
  expect(await engine.volumes.get('once')).toBeUndefined();
  expect(existsSync(dataOf('once'))).toBe(false);
  const anonymous = await engine.volumes.create({ ...request(''), anonymous: true });
  expect(anonymous.name).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  [{ driver: 'nfs-plugin' }, 'VOLUME_DRIVER_UNSUPPORTED'],
  [{ driverOptions: { typo: 'x' } }, 'VOLUME_OPTION'],
  [{ driverOptions: { o: 'bind' } }, 'VOLUME_OPTION'],
  [{ name: '../escape' }, 'VOLUME_NAME'],
])('a volume asked for with %j is refused as %s', async (changes, code) => {
  await expect(engine.volumes.create({ ...request('refused'), ...changes })).rejects.toMatchObject({ code });
});

test('a volume with options is mounted on first use, also by the next engine, and never removed with its source', async () => {
  const source = join(world.root, 'source');
  await mkdir(source);
  await writeFile(join(source, 'kept'), 'by its owner');
  await engine.volumes.create(request('bound', { type: 'none', o: 'bind', device: source }));
  await engine.volumes.create(request('memory', { type: 'tmpfs', device: 'tmpfs', o: 'size=1m,uid=1000' }));
  for (let round = 0; round < 2; round += 1) {
    const script = 'ls /bound; stat -f -c %T /memory; stat -c %u /memory';
    const mounts = await Promise.all(
      ['bound', 'memory'].map(async (name) => ({
        type: 'bind' as const,
        source: await engine.volumes.path(name),
        target: `/${name}`,
        readOnly: false,
      })),
    );
    const id = `reader-${round}`;
    const created = await engine.runtime.create(world.request(id, ['sh', '-c', script], { mounts }));
    await engine.runtime.start(id);
    await engine.runtime.exit(id, created);
    expect((await engine.runtime.logs(id, { follow: false })).map(({ text }) => text)).toEqual([
      'kept',
      'tmpfs',
      '1000',
    ]);
    await engine.runtime.delete(id);
    await engine.crash();
    engine = await world.engine();
  }
  await engine.volumes.path('bound');
  await engine.volumes.remove('bound');
  expect(await readdir(source)).toEqual(['kept']);
  await rm(source, { recursive: true });
});

test('a part of a volume is mounted, and goes with the container', async () => {
  await engine.volumes.create(request('parts'));
  await mkdir(join(dataOf('parts'), 'sub'));
  await writeFile(join(dataOf('parts'), 'sub/note'), 'part\n');
  await symlink('/etc', join(dataOf('parts'), 'evil'));
  const mountPoint = join(world.directories.run, 'containers/part/mounts/0');
  const root = await engine.volumes.path('parts');
  await expect(engine.bindSubpath({ root, subpath: 'evil/passwd', mountPoint })).rejects.toMatchObject({
    code: 'VOLUME_SUBPATH',
  });
  const source = await engine.bindSubpath({ root, subpath: 'sub', mountPoint });
  const mounts = [{ type: 'bind' as const, source, target: '/part', readOnly: true }];
  const created = await engine.runtime.create(world.request('part', ['cat', '/part/note'], { mounts }));
  await engine.runtime.start('part');
  await engine.runtime.exit('part', created);
  expect((await engine.runtime.logs('part', { follow: false })).map(({ text }) => text)).toEqual(['part']);
  await engine.runtime.delete('part');
  expect(await readFile(join(dataOf('parts'), 'sub/note'), 'utf8')).toBe('part\n');
  expect(await engine.runtime.list()).toEqual([]);
});

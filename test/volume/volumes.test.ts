import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { directoriesFor } from '../../src/host/directories.ts';
import { systemHost } from '../../src/host/system-host.ts';
import { bindSubpath, createVolumeManager, prepareBind } from '../../src/volume/index.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tscompose-volume-'));
});
afterEach(() => rm(root, { recursive: true }));

const manager = () => createVolumeManager(systemHost, directoriesFor({ TSCOMPOSE_ROOT: root }, 0));
const request = { name: 'data', driver: 'local', driverOptions: {}, labels: { a: 'b' } };

test('a volume is its record and a directory beside it', async () => {
  const volumes = manager();
  const record = await volumes.create(request);
  expect(record).toEqual({ ...request, anonymous: false, createdAt: record.createdAt });
  expect(await volumes.path('data')).toBe(join(root, 'data/volumes/data/_data'));
  expect(await manager().list()).toEqual([record]);
});

test('asked for twice at once, a volume is made once', async () => {
  const volumes = manager();
  const [one, other] = await Promise.all([volumes.create(request), volumes.create(request)]);
  expect(one).toEqual(other);
});

test('a directory without a record is no volume', async () => {
  await mkdir(join(root, 'data/volumes/half/_data'), { recursive: true });
  expect(await manager().list()).toEqual([]);
  await expect(manager().path('half')).rejects.toMatchObject({ code: 'VOLUME_UNKNOWN' });
});

test.each(['a/b', '..', '.hidden', '-x', 'a b'])('"%s" is no volume name', async (name) => {
  await expect(manager().create({ ...request, name })).rejects.toMatchObject({ code: 'VOLUME_NAME' });
  expect(await manager().get(name)).toBeUndefined();
  await manager().remove(name);
});

test('the source of a bind is made as a directory only where the file allows it', async () => {
  const missing = join(root, 'a/b');
  await expect(prepareBind(systemHost, missing, false)).rejects.toMatchObject({
    code: 'BIND_SOURCE_MISSING',
    message: `bind source path does not exist: ${missing}`,
  });
  expect(await prepareBind(systemHost, missing, true)).toBe(missing);
  expect((await stat(missing)).isDirectory()).toBe(true);
  const file = join(root, 'file');
  await writeFile(file, '');
  expect(await prepareBind(systemHost, file, false)).toBe(file);
});

test.each(['/etc', '../other', 'a/../../b', 'missing'])('the subpath "%s" is refused', async (subpath) => {
  const mountPoint = join(root, 'mounts/0');
  await expect(bindSubpath(systemHost, { root, subpath, mountPoint })).rejects.toMatchObject({
    code: 'VOLUME_SUBPATH',
  });
});

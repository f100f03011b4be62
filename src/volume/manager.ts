/** Volumes on disk: `volumes/<name>/volume.json` and the data in `_data` beside it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import { objectStore } from '../host/objects.ts';
import { createTurns } from '../host/turns.ts';
import { copyUp } from './copy-up.ts';
import { driverRefusal, mountDevice, unmountDevice } from './local-driver.ts';
import type { VolumeManager, VolumeRecord } from './volumes.ts';

export function createVolumeManager(host: Host, dirs: Directories): VolumeManager {
  const root = join(dirs.data, 'volumes');
  const store = objectStore<VolumeRecord>(host.files, root, 'volume.json');
  const dataOf = (name: string): string => join(store.directory(name), '_data');
  const turns = createTurns();

  const known = async (name: string): Promise<VolumeRecord> => {
    const record = isName(name) ? await store.get(name) : undefined;
    if (record === undefined) throw new TscomposeError('VOLUME_UNKNOWN', `no such volume: ${name}`);
    return record;
  };
  /** Mounts what the driver's options name, on first use in this mount namespace. */
  const use = async (name: string): Promise<string> => {
    await mountDevice(host, await known(name), dataOf(name));
    return dataOf(name);
  };

  return {
    open: store.sweep,
    refusal: driverRefusal,
    create: (request) =>
      turns.take(request.name, async () => {
        const name = checkName(request.name === '' ? randomBytes(32).toString('hex') : request.name);
        const there = await store.get(name);
        if (there !== undefined) return there;
        const refusal = driverRefusal(request);
        if (refusal !== undefined) throw refusal;
        const record: VolumeRecord = {
          name,
          driver: request.driver,
          driverOptions: request.driverOptions,
          labels: request.labels,
          createdAt: host.clock.now(),
          anonymous: request.anonymous ?? false,
        };
        // The record comes last: what has none is no volume.
        await host.files.makeDirectory(root, 0o711);
        await host.files.makeDirectory(dataOf(name), 0o755);
        await store.put(name, record);
        return record;
      }),
    remove: (name) =>
      turns.take(name, async () => {
        if (!isName(name)) return;
        const record = await store.get(name);
        if (record !== undefined) await unmountDevice(host, record, dataOf(name));
        await store.delete(name);
      }),
    get: async (name) => (isName(name) ? store.get(name) : undefined),
    list: async () => {
      const volumes = (await store.list()).map(({ value }) => value);
      return volumes.sort((one, other) => (one.name < other.name ? -1 : 1));
    },
    path: (name) => turns.take(name, () => use(name)),
    copyUp: (name, rootfs, target) =>
      turns.take(name, async () =>
        copyUp(host, { data: await use(name), volume: store.directory(name), rootfs, target }),
      ),
  };
}

/** @see moby, volume/local; names become directories, so nothing else may pass */
function isName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name) && name.length <= 255;
}

function checkName(name: string): string {
  if (isName(name)) return name;
  throw new TscomposeError('VOLUME_NAME', `"${name}" is no volume name`, {
    hint: 'use letters, digits, "_", "." and "-", and begin with a letter or digit',
  });
}

/** Finds device nodes on the host. */
import type { Stats } from 'node:fs';
import { join, relative } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { BundleRequest } from './container.ts';
import { deviceNumber, type HostDevice } from './devices.ts';

/**
 * The devices asked for; a directory stands for all devices below it.
 * @throws TscomposeError `DEVICE_MISSING`
 */
export async function requestedDevices(host: Host, asked: BundleRequest['devices']): Promise<HostDevice[]> {
  const found = await Promise.all(
    asked.map(async ({ source, target, permissions }) => {
      const real = (await host.files.realpath(source)) ?? source;
      const stat = await host.files.stat(real);
      const device = stat === undefined ? undefined : asDevice(stat, target, permissions);
      if (device !== undefined) return [device];
      const below = stat?.isDirectory() ? await devicesBelow(host, real, permissions) : [];
      if (below.length > 0)
        return below.map((one) => ({ ...one, path: join(target, relative(real, one.path)) }));
      throw new TscomposeError('DEVICE_MISSING', `${source} is not a device of this host`, {
        hint: 'the path before the colon must be a device node, such as /dev/fuse',
      });
    }),
  );
  return found.flat();
}

/** Every device of the host, for a privileged container. */
export function allDevices(host: Host): Promise<HostDevice[]> {
  return devicesBelow(host, '/dev', 'rwm');
}

/** What the OCI runtime makes itself, or what belongs to a terminal. @see runc, libcontainer/devices */
const skipped = new Set(['/dev/pts', '/dev/shm', '/dev/fd', '/dev/mqueue', '/dev/console', '/dev/.udev']);

async function devicesBelow(host: Host, directory: string, permissions: string): Promise<HostDevice[]> {
  const entries = await host.files.list(directory);
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (skipped.has(path)) return [];
      if (entry.isDirectory()) return devicesBelow(host, path, permissions);
      if (!entry.isCharacterDevice() && !entry.isBlockDevice()) return [];
      const stat = await host.files.stat(path);
      const device = stat === undefined ? undefined : asDevice(stat, path, permissions);
      return device === undefined ? [] : [device];
    }),
  );
  return found.flat();
}

function asDevice(stat: Stats, path: string, permissions: string): HostDevice | undefined {
  const type = stat.isBlockDevice() ? 'b' : stat.isCharacterDevice() ? 'c' : undefined;
  if (type === undefined) return undefined;
  const { major, minor } = deviceNumber(stat.rdev);
  const fileMode = stat.mode & 0o7777;
  return { path, type, major, minor, fileMode, uid: stat.uid, gid: stat.gid, permissions };
}

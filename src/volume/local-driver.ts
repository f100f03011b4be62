/** The `local` driver's options `type`, `o` and `device`: a volume whose data is something mounted. @see moby, volume/local/local_unix.go */
import { dirname } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { MountRequest } from '../host/mounts.ts';
import { mountCalls } from './mount-options.ts';
import type { VolumeRecord } from './volumes.ts';

type Options = Pick<VolumeRecord, 'driver' | 'driverOptions'>;

const knownOptions = new Set(['type', 'o', 'device']);

/** Why a volume like this cannot be made: `VOLUME_DRIVER_UNSUPPORTED`, `VOLUME_OPTION`. */
export function driverRefusal({ driver, driverOptions }: Options): TscomposeError | undefined {
  if (driver !== 'local' && driver !== '')
    return new TscomposeError('VOLUME_DRIVER_UNSUPPORTED', `the volume driver "${driver}" is not supported`, {
      hint: 'leave "driver" out, or use "local" with the options type, o and device',
    });
  const unknown = Object.keys(driverOptions).find((name) => !knownOptions.has(name));
  if (unknown !== undefined)
    return new TscomposeError('VOLUME_OPTION', `invalid option "${unknown}" for the local volume driver`, {
      hint: 'known are type, o and device',
    });
  const { type, device, o } = driverOptions;
  if (device !== undefined || type === 'tmpfs' || (type === undefined && o === undefined)) return undefined;
  return new TscomposeError('VOLUME_OPTION', 'missing required option "device" for the local volume driver');
}

export function isMounted({ driverOptions }: Options): boolean {
  return driverOptions.type !== undefined || driverOptions.device !== undefined;
}

/** Mounts the device on the volume's directory unless it is mounted already. */
export async function mountDevice(host: Host, volume: Options, target: string): Promise<void> {
  if (!isMounted(volume) || (await isMountPoint(host, target))) return;
  const [mount, ...changes] = mountCalls(volume.driverOptions, target);
  host.mounts.mount(await withAddress(host, mount));
  try {
    for (const change of changes) host.mounts.mount(change);
  } catch (error) {
    await host.mounts.unmount(target);
    throw error;
  }
}

/** More than that were never mounted on one another. */
const stackedMounts = 8;

/**
 * Afterwards nothing is mounted there: what is deleted below the directory is the volume's own.
 * @throws TscomposeError `VOLUME_MOUNT`
 */
export async function unmountDevice(host: Host, volume: Options, target: string): Promise<void> {
  if (!isMounted(volume)) return;
  for (let round = 0; round < stackedMounts; round += 1) {
    if (!(await isMountPoint(host, target))) return;
    await host.mounts.unmount(target);
  }
  throw new TscomposeError('VOLUME_MOUNT', `${target} cannot be unmounted`);
}

/** A mount of another file system shows by its device number; a bind from the same one only in the mount table. */
async function isMountPoint(host: Host, path: string): Promise<boolean> {
  const [own, parent] = await Promise.all([host.files.stat(path), host.files.stat(dirname(path))]);
  if (own !== undefined && own.dev !== parent?.dev) return true;
  const table = (await host.files.readText('/proc/self/mountinfo')) ?? '';
  return table.split('\n').some((line) => line.split(' ')[4] === escaped(path));
}

/** As the kernel writes paths in its mount table. @see proc(5) */
function escaped(path: string): string {
  return path.replace(/[ \t\n\\]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

const network = new Set(['nfs', 'nfs4', 'cifs']);

/** The kernel knows addresses only: that of `addr=`, and for cifs without one that of the server in the device. */
async function withAddress(host: Host, request: MountRequest): Promise<MountRequest> {
  if (!network.has(request.type ?? '')) return request;
  const options = request.options ?? '';
  const asked = /(?:^|,)addr=([^,]+)/.exec(options)?.[1];
  if (asked !== undefined) {
    return { ...request, options: options.replace(`addr=${asked}`, `addr=${await addressOf(host, asked)}`) };
  }
  const server = request.type === 'cifs' ? /^\/\/([^/]+)/.exec(request.source)?.[1] : undefined;
  if (server === undefined) return request;
  return { ...request, source: request.source.replace(server, await addressOf(host, server)) };
}

async function addressOf(host: Host, name: string): Promise<string> {
  if (/^[\d.]+$|:/.test(name)) return name;
  const { stdout, code } = await host.run(['getent', 'ahosts', name], { allowFailure: true });
  const address = stdout.split(/\s/)[0] ?? '';
  if (code !== 0 || address === '')
    throw new TscomposeError('VOLUME_MOUNT', `the address "${name}" of the volume cannot be resolved`, {
      hint: 'write its IP address, or make the name known to this host',
    });
  return address;
}

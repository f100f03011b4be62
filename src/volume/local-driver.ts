/** The `local` driver's options `type`, `o` and `device`: a volume whose data is something mounted. @see moby, volume/local/local_unix.go */
import { dirname } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { MountFlag, MountRequest } from '../host/mounts.ts';
import type { VolumeRecord } from './volumes.ts';

type Options = Pick<VolumeRecord, 'driver' | 'driverOptions'>;

const knownOptions = new Set(['type', 'o', 'device']);

/** @throws TscomposeError `VOLUME_DRIVER_UNSUPPORTED`, `VOLUME_OPTION` */
export function checkDriver({ driver, driverOptions }: Options): void {
  if (driver !== 'local' && driver !== '')
    throw new TscomposeError('VOLUME_DRIVER_UNSUPPORTED', `the volume driver "${driver}" is not supported`, {
      hint: 'leave "driver" out, or use "local" with the options type, o and device',
    });
  const unknown = Object.keys(driverOptions).find((name) => !knownOptions.has(name));
  if (unknown !== undefined)
    throw new TscomposeError('VOLUME_OPTION', `invalid option "${unknown}" for the local volume driver`, {
      hint: 'known are type, o and device',
    });
  const { type, device, o } = driverOptions;
  if (device === undefined && (type !== undefined || o !== undefined) && type !== 'tmpfs')
    throw new TscomposeError('VOLUME_OPTION', 'missing required option "device" for the local volume driver');
}

export function isMounted({ driverOptions }: Options): boolean {
  return driverOptions.type !== undefined || driverOptions.device !== undefined;
}

/** Mounts the device on the volume's directory unless it is mounted already. */
export async function mountDevice(host: Host, volume: Options, target: string): Promise<void> {
  if (!isMounted(volume) || (await isMountPoint(host, target))) return;
  const request = mountRequest(volume.driverOptions, target);
  host.mounts.mount(await withAddress(host, request));
  // The first bind(2) of a mount ignores "ro".
  if (request.flags?.includes('bind') && request.flags.includes('ro'))
    host.mounts.mount({ ...request, flags: [...request.flags, 'remount'] });
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
    host.mounts.unmount(target);
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

const flagOf: Readonly<Record<string, MountFlag>> = {
  bind: 'bind',
  nodev: 'nodev',
  noexec: 'noexec',
  nosuid: 'nosuid',
  private: 'private',
  rbind: 'bind',
  ro: 'ro',
  shared: 'shared',
  slave: 'slave',
};
const withoutEffect = new Set(['', 'rw', 'exec', 'dev', 'suid', 'defaults']);

/** Splits `o` into the kernel's flags and the file system's own options. */
export function mountRequest(options: VolumeRecord['driverOptions'], target: string): MountRequest {
  const words = (options.o ?? '').split(',').map((word) => word.trim());
  const flags = words.flatMap((word) => flagOf[word] ?? []);
  const own = words.filter((word) => flagOf[word] === undefined && !withoutEffect.has(word));
  if (words.includes('rbind')) flags.push('rec');
  const type = options.type === 'none' ? undefined : options.type;
  return {
    source: options.device ?? type ?? 'none',
    target,
    ...(type === undefined ? {} : { type }),
    flags,
    ...(own.length === 0 ? {} : { options: own.join(',') }),
  };
}

const network = new Set(['nfs', 'nfs4', 'cifs']);

/** The kernel wants `addr=` as a number. */
async function withAddress(host: Host, request: MountRequest): Promise<MountRequest> {
  const name = /(?:^|,)addr=([^,]+)/.exec(request.options ?? '')?.[1];
  if (!network.has(request.type ?? '') || name === undefined || /^[\d.]+$|:/.test(name)) return request;
  const { stdout, code } = await host.run(['getent', 'ahosts', name], { allowFailure: true });
  const address = stdout.split(/\s/)[0] ?? '';
  if (code !== 0 || address === '')
    throw new TscomposeError('VOLUME_MOUNT', `the address "${name}" of the volume cannot be resolved`);
  return { ...request, options: (request.options ?? '').replace(`addr=${name}`, `addr=${address}`) };
}

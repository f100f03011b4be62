/** Mounts, through mount(2) itself: a fifth of a millisecond each instead of a process. */
import { HostError } from '../errors.ts';
import { checked, native, offThread } from './libc.ts';

export interface Mounts {
  /**
   * mount(2). `options` is the file system's own option string.
   * @throws HostError `HOST_<errno>` naming source and target
   */
  mount(request: MountRequest): void;
  /**
   * umount2(2) with MNT_DETACH; a path that is no mount point is fine. It can wait for the kernel's lock on all mounts
   * for tens of milliseconds, as while many containers end.
   */
  unmount(target: string): Promise<void>;
}

export interface MountRequest {
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  readonly flags?: readonly MountFlag[];
  readonly options?: string;
}

export type MountFlag = keyof typeof mountFlags;

/** Values of `<linux/mount.h>`. */
export const mountFlags = {
  ro: 1,
  nosuid: 2,
  nodev: 4,
  noexec: 8,
  sync: 16,
  remount: 32,
  mand: 64,
  dirsync: 128,
  noatime: 1024,
  nodiratime: 2048,
  bind: 4096,
  move: 8192,
  rec: 16384,
  unbindable: 1 << 17,
  private: 1 << 18,
  slave: 1 << 19,
  shared: 1 << 20,
  relatime: 1 << 21,
  strictatime: 1 << 24,
} as const;

const MNT_DETACH = 2;

export const systemMounts: Mounts = {
  mount: ({ source, target, type, flags = [], options }) => {
    const bits = flags.reduce((sum, flag) => sum | mountFlags[flag], 0);
    const mount = native(
      'libc.so.6',
      'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
    );
    try {
      checked(`mount ${source} on ${target}`, () =>
        mount(source, target, type ?? null, bits, options ?? null),
      );
    } catch (error) {
      throw mountRefusal(error, type);
    }
  },
  unmount: async (target) => {
    const umount = native('libc.so.6', 'int umount2(const char *target, int flags)');
    if ((await offThread(umount, target, MNT_DETACH)) === 0) return;
    // Why it did not is said to the thread that asked: so this one asks again.
    try {
      checked(`unmount ${target}`, () => umount(target, MNT_DETACH));
    } catch (error) {
      if (!isNotMounted(error)) throw error;
    }
  },
};

/** A kernel without the file system says no more than "no such device". */
export function mountRefusal(error: unknown, type: string | undefined): unknown {
  if (!(error instanceof HostError) || error.code !== 'HOST_ENODEV' || type === undefined) return error;
  return new HostError('HOST_KERNEL_LACKS', `this kernel has no file system "${type}"`, {
    cause: error,
    hint: `load its module (modprobe ${type}), or run a kernel that has it built in (CONFIG_${kernelOptions[type] ?? `${type.toUpperCase()}_FS`})`,
  });
}

const kernelOptions: Readonly<Record<string, string>> = { overlay: 'OVERLAY_FS', tmpfs: 'TMPFS' };

function isNotMounted(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'HOST_EINVAL' || error.code === 'HOST_ENOENT')
  );
}

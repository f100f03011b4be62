/** The bundle's mount table: the kernel's file systems first, then generated files and what was asked for, by depth. */
import { posix } from 'node:path';
import { TscomposeError } from '../errors.ts';
import type { BundleMount, BundleRequest } from './container.ts';
import type { OciMount } from './oci.ts';
import { isAtLeast } from './seccomp.ts';

export interface MountFacts {
  /** Host paths of generated files, by their place in the container. */
  readonly generated: Readonly<Record<string, string>>;
  /** Host directory with the shared memory of a shareable or joined IPC namespace. */
  readonly sharedMemory?: string;
  /** Host path of the init program, when the container has one. */
  readonly init?: string;
  readonly cgroupVersion: 1 | 2;
  readonly kernel: string;
  /** Sources of binds that are no directories: nothing is mounted below them. */
  readonly singleFiles?: ReadonlySet<string>;
}

/** Where Docker puts it. */
export const initPath = '/sbin/docker-init';
const defaultShmBytes = 64 * 1024 * 1024;

/**
 * Parents come before what is mounted below them; asked-for mounts replace defaults of the same place.
 * @see moby, daemon/oci_linux.go, withMounts
 */
export function ociMounts(request: BundleRequest, facts: MountFacts): OciMount[] {
  const asked = request.mounts.map((mount) => ({ ...mount, target: posix.normalize(mount.target) }));
  const replaced = new Set(asked.map(({ target }) => withoutTrailingSlash(target)));
  const isReplaced = ({ destination }: OciMount): boolean =>
    replaced.has(destination) || (replaced.has('/dev') && destination.startsWith('/dev/'));
  const inOrder = [
    ...generatedMounts(request, facts).filter((mount) => !isReplaced(mount)),
    ...asked.map((mount) => (mount.type === 'bind' ? bindMount(mount, facts) : tmpfsMount(mount))),
  ].sort((one, other) => depth(one.destination) - depth(other.destination));
  return [
    ...kernelMounts(request, facts).filter((mount) => !isReplaced(mount)),
    ...inOrder,
    ...initMount(facts),
  ];
}

/** @see moby, daemon/pkg/oci/defaults.go */
function kernelMounts(request: BundleRequest, facts: MountFacts): OciMount[] {
  const access = request.privileged ? 'rw' : 'ro';
  const cgroup =
    facts.cgroupVersion === 1 ? ['nosuid', 'noexec', 'nodev', 'relatime'] : ['nosuid', 'noexec', 'nodev'];
  return [
    kernel('/proc', 'proc', ['nosuid', 'noexec', 'nodev']),
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    kernel('/dev/pts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
    kernel('/sys', 'sysfs', ['nosuid', 'noexec', 'nodev', access]),
    kernel('/sys/fs/cgroup', 'cgroup', [access, ...cgroup]),
    ...ipcMounts(request, facts),
  ];
}

function ipcMounts(request: BundleRequest, facts: MountFacts): OciMount[] {
  const queues = kernel('/dev/mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']);
  // Mounted in the host's namespace, it shows the host's queues; not every host has it mounted to bind from.
  if (request.namespaces.ipc === 'host') return [queues, hostBind('/dev/shm')];
  const shm =
    facts.sharedMemory === undefined
      ? kernelShm(request.shmSizeBytes ?? defaultShmBytes)
      : { ...hostBind('/dev/shm'), source: facts.sharedMemory };
  return [queues, shm];
}

function kernelShm(bytes: number): OciMount {
  const options = ['nosuid', 'noexec', 'nodev', 'mode=1777', `size=${bytes}`];
  return { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options };
}

function hostBind(path: string): OciMount {
  return { destination: path, type: 'bind', source: path, options: ['rbind', 'rprivate'] };
}

function kernel(destination: string, type: string, options: readonly string[]): OciMount {
  return { destination, type, source: type, options };
}

function generatedMounts(request: BundleRequest, facts: MountFacts): OciMount[] {
  return Object.entries(facts.generated).map(([destination, source]) => ({
    destination,
    type: 'bind',
    source,
    options: ['rbind', 'rprivate', request.readOnly ? 'ro' : 'rw'],
  }));
}

function initMount(facts: MountFacts): OciMount[] {
  if (facts.init === undefined) return [];
  return [{ destination: initPath, type: 'bind', source: facts.init, options: ['bind', 'ro'] }];
}

type Bind = Extract<BundleMount, { type: 'bind' }>;
type Tmpfs = Extract<BundleMount, { type: 'tmpfs' }>;

function bindMount(mount: Bind, facts: MountFacts): OciMount {
  return {
    destination: mount.target,
    type: 'bind',
    source: mount.source,
    options: [
      mount.recursive === 'disabled' ? 'bind' : 'rbind',
      mount.propagation ?? 'rprivate',
      mount.readOnly ? readOnlyOption(mount, facts) : 'rw',
    ],
  };
}

/**
 * Read-only reaches the mounts below as well where the kernel can do it (5.12), which is Docker's default.
 * @see moby, daemon/volumes_unix.go; runtime-spec, `rro`
 */
function readOnlyOption(mount: Bind, facts: MountFacts): string {
  // A file has nothing below it, and crun 1.8 opens what it makes read-only recursively as a directory.
  if (facts.singleFiles?.has(mount.source)) return 'ro';
  const recursively = isAtLeast(facts.kernel, '5.12');
  switch (mount.recursive ?? 'enabled') {
    case 'disabled':
    case 'writable':
      return 'ro';
    case 'readonly':
      if (recursively) return 'rro';
      throw new TscomposeError(
        'MOUNT_RECURSIVE',
        `${mount.target} cannot be read-only recursively: the kernel is older than 5.12`,
      );
    default:
      return recursively ? 'rro' : 'ro';
  }
}

const tmpfsDefaults = ['noexec', 'nosuid', 'nodev'];
const opposite: Readonly<Record<string, string>> = {
  exec: 'noexec',
  suid: 'nosuid',
  dev: 'nodev',
  rw: 'ro',
  ro: 'rw',
};

function tmpfsMount(mount: Tmpfs): OciMount {
  const asked = mount.options ?? [];
  const undone = new Set(asked.map((option) => opposite[option]));
  const fields = [
    ...(mount.sizeBytes === undefined ? [] : [`size=${mount.sizeBytes}`]),
    ...(mount.mode === undefined ? [] : [`mode=${mount.mode.toString(8)}`]),
  ];
  const defaults = [...tmpfsDefaults, mount.readOnly ? 'ro' : 'rw'];
  return {
    destination: mount.target,
    type: 'tmpfs',
    source: 'tmpfs',
    options: [...new Set([...defaults.filter((option) => !undone.has(option)), ...fields, ...asked])],
  };
}

/** The propagation the container's root needs so that its binds can have theirs. */
export function rootPropagation(mounts: readonly BundleMount[]): 'slave' | undefined {
  const isSlave = mounts.some((mount) => mount.type === 'bind' && mount.propagation?.endsWith('slave'));
  return isSlave ? 'slave' : undefined;
}

function depth(path: string): number {
  return withoutTrailingSlash(path).split('/').length;
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

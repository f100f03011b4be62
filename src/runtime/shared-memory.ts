/** /dev/shm of IPC namespaces that several containers share: a tmpfs on the host, bound into each of them. */
import type { Host } from '../host/host.ts';
import type { BundleRequest } from './container.ts';
import type { RuntimePaths } from './paths.ts';

const defaultBytes = 64 * 1024 * 1024;

/** The host directory to bind on /dev/shm; `undefined` when the container gets a tmpfs that nobody else sees. */
export async function prepareSharedMemory(
  host: Host,
  paths: RuntimePaths,
  request: BundleRequest,
): Promise<string | undefined> {
  const { ipc } = request.namespaces;
  if (typeof ipc === 'object') return sharedMemoryOf(host, paths, ipc.pid);
  if (ipc !== 'shareable') return undefined;
  const path = paths.file(request.id, 'shm');
  await host.files.makeDirectory(path);
  host.mounts.mount({
    source: 'shm',
    target: path,
    type: 'tmpfs',
    flags: ['nosuid', 'nodev', 'noexec'],
    options: `mode=1777,size=${request.shmSizeBytes ?? defaultBytes}`,
  });
  return path;
}

/** Of the container that the process belongs to: its cgroup tells which one that is. */
async function sharedMemoryOf(host: Host, paths: RuntimePaths, pid: number): Promise<string | undefined> {
  const groups = (await host.files.readText(`/proc/${pid}/cgroup`)) ?? '';
  const prefix = `${paths.parentGroup}/`;
  const group = groups.split('\n').find((line) => line.includes(prefix)) ?? '';
  const id = group.slice(group.indexOf(prefix) + prefix.length).split('/')[0] ?? '';
  if (id === '') return undefined;
  const path = paths.file(id, 'shm');
  return (await host.files.stat(path)) === undefined ? undefined : path;
}

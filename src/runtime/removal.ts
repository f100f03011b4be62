/** Takes a container away, whatever state a crash left it in. Every step is fine with finding nothing. */
import { dirname, join } from 'node:path';
import { HostError } from '../errors.ts';
import { removeGroup } from '../host/cgroups.ts';
import { listNow, lstatNow, removeDirectoryNow, removeNow } from '../host/files-now.ts';
import type { Host } from '../host/host.ts';
import { isProcessAlive, processStat, sendSignal } from '../host/procfs.ts';
import type { CreatedProcess } from './container.ts';
import type { RuntimeContext } from './context.ts';
import { killGroup } from './kill.ts';
import type { Monitored } from './monitored.ts';

/** Ends what runs of the container and takes away what the kernel, the OCI runtime and conmon have of it. */
export async function discard(context: RuntimeContext, id: string): Promise<void> {
  const { paths, survey, monitored } = context;
  const known = await monitored.get(id);
  await killGroup(context.host, survey.cgroups, paths.group(id));
  deleteState(context, id);
  await endMonitor(context, id, known);
  removeGroup(survey.cgroups, paths.group(id));
}

/**
 * Either OCI runtime may have made it; the one that did has a directory of its name. With the processes dead, cgroups
 * and mounts ours to remove and no hooks in our bundles, that directory is all that the runtime's own `delete` would
 * still take away, and it costs a process a container.
 */
function deleteState({ paths }: RuntimeContext, id: string): void {
  for (const name of ['crun', 'runc'] as const) removeNow(join(paths.stateRoot(name), id));
}

const monitorPatienceMs = 3_000;
const SIGKILL = 9;

/** conmon ends by itself after its container, when the log is drained. */
async function endMonitor(context: RuntimeContext, id: string, known: Monitored | undefined): Promise<void> {
  const { host } = context;
  const conmon = known ?? (await monitorFromDisk(context, id));
  if (conmon === undefined) return;
  const isAlive = (): boolean => isProcessAlive(conmon.conmonPid, conmon.conmonStartTime);
  const deadline = host.clock.monotonic() + monitorPatienceMs;
  for (let waitMs = 1; isAlive() && host.clock.monotonic() < deadline; waitMs = Math.min(waitMs * 2, 50))
    await host.clock.sleep(waitMs);
  if (isAlive()) sendSignal(conmon.conmonPid, SIGKILL);
}

/** A creation that was cut short left only conmon's pid; its command line says whether it is still the same. */
async function monitorFromDisk(
  { host, paths }: RuntimeContext,
  id: string,
): Promise<Pick<CreatedProcess, 'conmonPid' | 'conmonStartTime'> | undefined> {
  const pid = Number((await host.files.readText(paths.file(id, 'conmon.pid'))) ?? '');
  if (!(pid > 1)) return undefined;
  const stat = processStat(pid);
  const command = await host.files.readText(`/proc/${pid}/cmdline`);
  if (stat === undefined || !command?.includes(id)) return undefined;
  return { conmonPid: pid, conmonStartTime: stat.startTime };
}

/** Nothing below a mount is ever deleted: what is mounted goes first, and the mount points only when they are empty. */
export async function removeBundle({ host, paths }: RuntimeContext, id: string): Promise<void> {
  const bundle = paths.bundle(id);
  const entries = listNow(bundle);
  const isMountPoint = ({ name }: { readonly name: string }): boolean => mountPointNames.has(name);
  const mountPoints = [
    ...listNow(paths.file(id, 'mounts')).map(({ name }) => join(paths.file(id, 'mounts'), name)),
    ...entries.filter(isMountPoint).map(({ name }) => join(bundle, name)),
  ];
  for (const path of mountPoints) await removeMountPoint(host, path);
  for (const entry of entries) if (!isMountPoint(entry)) removeNow(join(bundle, entry.name));
  removeNow(paths.exit(id));
  if (!removeDirectoryNow(bundle))
    throw new HostError('HOST_EBUSY', `the bundle ${bundle} still holds files that are not ours`);
}

const mountPointNames = new Set(['mounts', 'rootfs', 'shm']);
/** More than that were never stacked on one another. */
const stackedMounts = 8;

/** Unmounting what is not mounted does nothing; a mount point that stays one cannot be removed by the calls used here. */
async function removeMountPoint(host: Host, path: string): Promise<void> {
  await host.mounts.unmount(path);
  const parent = lstatNow(dirname(path));
  for (let round = 0; round < stackedMounts; round += 1) {
    const own = lstatNow(path);
    if (own === undefined) return;
    // A file system of its own shows by its device number.
    if (own.dev === parent?.dev) break;
    await host.mounts.unmount(path);
  }
  if (lstatNow(path)?.isDirectory()) removeDirectoryNow(path);
  else removeNow(path);
}

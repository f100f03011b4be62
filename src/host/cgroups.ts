/** Control groups: where the hierarchies are, which processes a group has, and how a group goes away. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asHostError, hasCode } from './files.ts';
import { listNow, readTextNow, removeDirectoryNow, removeNow } from './files-now.ts';

export interface Hierarchy {
  readonly mountPoint: string;
  /** Version 1 controllers; empty for version 2 and for named hierarchies. */
  readonly controllers: readonly string[];
  readonly unified: boolean;
}

export interface Cgroups {
  /** 2 only when no controller hangs on a version 1 hierarchy. */
  readonly version: 1 | 2;
  readonly hierarchies: readonly Hierarchy[];
}

/** @param mountinfo text of `/proc/self/mountinfo` @see proc(5) */
export function parseCgroups(mountinfo: string): Cgroups {
  const hierarchies = mountinfo.split('\n').flatMap(hierarchyOf);
  const unique = hierarchies.filter(
    (one, at) => hierarchies.findIndex((other) => other.mountPoint === one.mountPoint) === at,
  );
  return { version: unique.some((one) => one.controllers.length > 0) ? 1 : 2, hierarchies: unique };
}

const namesOfNoController = new Set(['rw', 'ro', 'none', 'xattr', 'clone_children', 'noprefix']);

function hierarchyOf(line: string): Hierarchy[] {
  const [mount = '', rest = ''] = line.split(' - ');
  const [type, , options = ''] = rest.split(' ');
  const mountPoint = mount.split(' ')[4];
  if (mountPoint === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
  const controllers =
    type === 'cgroup2'
      ? []
      : options.split(',').filter((name) => !namesOfNoController.has(name) && !name.includes('='));
  return [{ mountPoint, controllers, unified: type === 'cgroup2' }];
}

/** Directory of a group in the hierarchy that best knows its processes. */
export function groupDirectory(cgroups: Cgroups, group: string, controller = 'pids'): string {
  const hierarchy =
    cgroups.hierarchies.find((one) => one.controllers.includes(controller)) ??
    cgroups.hierarchies.find((one) => one.unified) ??
    cgroups.hierarchies[0];
  return join(hierarchy?.mountPoint ?? '/sys/fs/cgroup', group);
}

/** Every process of the group and of the groups below it; none when there is no such group. */
export function groupProcesses(directory: string): number[] {
  const pids = (readTextNow(join(directory, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number);
  const below = listNow(directory).filter((entry) => entry.isDirectory());
  const deeper = below.flatMap(({ name }) => groupProcesses(join(directory, name)));
  // 0 stands for a process of another pid namespace, which cannot be named from here.
  return [...pids, ...deeper].filter((pid) => pid > 0);
}

/** Writes one value; false when the group is not there. */
export async function writeGroupFile(path: string, value: string): Promise<boolean> {
  try {
    // Without O_CREAT: a file that the kernel did not make means nothing.
    await writeFile(path, value, { flag: 'r+' });
    return true;
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENODEV', 'ENOTDIR'])) return false;
    throw asHostError(`write ${path}`, error);
  }
}

/**
 * Removes a group from every hierarchy, with the groups below it. Groups that still have processes stay.
 * crun also writes below `/sys/fs/cgroup/unified` when nothing is mounted there, as plain files.
 */
export function removeGroup(cgroups: Cgroups, group: string): void {
  for (const { mountPoint } of cgroups.hierarchies) removeGroupTree(join(mountPoint, group));
  const unified = '/sys/fs/cgroup/unified';
  const isHierarchy = cgroups.hierarchies.some(({ mountPoint }) => mountPoint === unified);
  if (cgroups.version === 1 && !isHierarchy) removeNow(join(unified, group));
}

/** Removes a group only if nothing is below it, in every hierarchy. */
export function removeEmptyGroup(cgroups: Cgroups, group: string): void {
  for (const { mountPoint } of cgroups.hierarchies) removeDirectoryNow(join(mountPoint, group));
  removeDirectoryNow(join('/sys/fs/cgroup/unified', group));
}

function removeGroupTree(directory: string): void {
  if (removeDirectoryNow(directory)) return;
  for (const entry of listNow(directory))
    if (entry.isDirectory()) removeGroupTree(join(directory, entry.name));
  removeDirectoryNow(directory);
}

/** The mount namespace that the agent was started in, and that its containers' monitors share. */
import type { Host } from '../host/host.ts';

/** Given to an agent that may change what is mounted where it lives. */
export const ownNamespaceFlag = '--own-namespace';

const unified = '/sys/fs/cgroup/unified';

/**
 * crun refuses a version 2 hierarchy beside version 1 ("hybrid"), and makes plain directories where it was: on a file
 * system of our own they go with the namespace.
 */
export async function hideSecondHierarchy({ files, mounts }: Pick<Host, 'files' | 'mounts'>): Promise<void> {
  if ((await files.stat(`${unified}/cgroup.procs`)) === undefined) return;
  await mounts.unmount(unified);
  mounts.mount({ source: 'tscompose', target: unified, type: 'tmpfs', options: 'size=4m,mode=755' });
}

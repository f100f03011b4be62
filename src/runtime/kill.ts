/** Ending every process of a cgroup, whatever it forks meanwhile. */
import { type Cgroups, groupDirectory, groupProcesses, writeGroupFile } from '../host/cgroups.ts';
import type { Host } from '../host/host.ts';
import { sendSignal } from '../host/procfs.ts';

const SIGKILL = 9;
const rounds = 50;
const roundMs = 2;

/** Resolves when the group is empty, or after some hundred milliseconds of trying (a process in uninterruptible sleep). */
export async function killGroup(host: Host, cgroups: Cgroups, group: string): Promise<void> {
  const directory = groupDirectory(cgroups, group);
  // Linux 5.14, version 2: the kernel kills the whole group at once.
  const atOnce = cgroups.version === 2 && (await writeGroupFile(`${directory}/cgroup.kill`, '1'));
  for (let round = 0; round < rounds; round += 1) {
    const pids = groupProcesses(directory);
    if (pids.length === 0) return;
    if (!atOnce) for (const pid of pids) sendSignal(pid, SIGKILL);
    if (round === 0) await thaw(cgroups, group);
    await host.clock.sleep(roundMs * Math.min(round + 1, 10));
  }
}

/** With version 1 a frozen process takes no signal, not even SIGKILL, until it is thawed. */
export async function thaw(cgroups: Cgroups, group: string): Promise<void> {
  if (cgroups.version === 2) return;
  await writeGroupFile(`${groupDirectory(cgroups, group, 'freezer')}/freezer.state`, 'THAWED');
}

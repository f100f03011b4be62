/** The real host: this machine. */
import { systemClock } from './clock.ts';
import { systemFiles } from './files.ts';
import type { Host } from './host.ts';
import { systemMounts } from './mounts.ts';
import { quickSpawn } from './quick-spawn.ts';
import { run, runQuickly } from './run.ts';

export const systemHost: Host = {
  run,
  runQuickly,
  spawn: quickSpawn,
  files: systemFiles,
  mounts: systemMounts,
  clock: systemClock,
};

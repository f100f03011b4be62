/** The real host: this machine. */
import { systemClock } from './clock.ts';
import { systemFiles } from './files.ts';
import type { Host } from './host.ts';
import { systemMounts } from './mounts.ts';
import { run, spawn } from './processes.ts';

export const systemHost: Host = {
  run,
  spawn,
  files: systemFiles,
  mounts: systemMounts,
  clock: systemClock,
};

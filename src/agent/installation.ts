/** Where this installation keeps its parts, whether we run bundled from `dist/` or from `src/agent/`. */
import { basename, dirname, join } from 'node:path';
import type { Files } from '../host/files.ts';

export interface Installation {
  /** Program and arguments of the agent. */
  readonly agent: readonly string[];
  readonly respawner: string;
}

export function thisInstallation(): Installation {
  return {
    // A young generation of the usual 16 MB would stay with a process that is idle most of the time.
    agent: [process.execPath, '--max-semi-space-size=2', join(root(), 'bin/agent.cjs')],
    respawner: join(root(), 'dist/respawner.sh'),
  };
}

/** What tells this build from every other; written by the build. */
export async function readBuild(files: Pick<Files, 'readText'>): Promise<string> {
  return (await files.readText(join(root(), 'dist/build-id')))?.trim() ?? 'unbuilt';
}

function root(): string {
  const here = import.meta.dirname;
  return basename(here) === 'dist' ? dirname(here) : join(here, '../..');
}

/** What the project is called: `-p`, `COMPOSE_PROJECT_NAME`, `name:`, the directory. */
import { posix } from 'node:path';
import type { Trace } from './trace.ts';

export interface ProjectName {
  readonly name: string;
  /** Where it is from, unless it is what `name:` says. */
  readonly trace?: Trace;
}

/** Lower case, only `[a-z0-9_-]`, no dash or underscore in front. */
export function normaliseProjectName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

export function directoryProjectName(directory: string): string {
  return normaliseProjectName(posix.basename(directory));
}

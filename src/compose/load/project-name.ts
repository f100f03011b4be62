/** What the project is called: `-p`, `COMPOSE_PROJECT_NAME`, `name:`, the directory. */
import { posix } from 'node:path';

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

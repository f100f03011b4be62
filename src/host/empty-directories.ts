/** Takes away what is left when the files are gone. */
import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asHostError } from './files.ts';

/**
 * Removes the directory and those below it as far as they are empty. Never a file, and never through a mount:
 * a directory that holds anything, or that something is mounted on, stays.
 */
export async function removeEmptyDirectories(path: string): Promise<void> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const below = entries.filter((entry) => entry.isDirectory());
    await Promise.all(below.map((entry) => removeEmptyDirectories(join(path, entry.name))));
    await rmdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'ENOTEMPTY', 'EBUSY'].includes(code)) throw asHostError(`remove ${path}`, error);
  }
}

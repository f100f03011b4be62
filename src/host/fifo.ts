/** Writing to a named pipe whose reader may be gone. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { asHostError } from './files.ts';

/** Writes without waiting for a reader; false when nobody reads the pipe, or there is none. */
export async function writeFifo(path: string, text: string): Promise<boolean> {
  try {
    const pipe = await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    try {
      await pipe.write(text);
      return true;
    } finally {
      await pipe.close();
    }
  } catch (error) {
    if (['ENXIO', 'ENOENT', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw asHostError(`write to ${path}`, error);
  }
}

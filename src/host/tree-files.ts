/** Files too large to hold in memory: read and written as streams, and made durable. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TscomposeError } from '../errors.ts';
import { asHostError } from './files.ts';
import { checked, native, offThread } from './libc.ts';

/** Bytes a chunk: large enough that the cost of a chunk does not count. */
export const chunkBytes = 256 * 1024;

/** @throws HostError through the stream */
export function readFileStream(path: string): Readable {
  return createReadStream(path, { highWaterMark: chunkBytes });
}

/** Writes a new file from what comes; the file is removed again when it does not come whole. */
export async function writeFileStream(
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: 4 * chunkBytes });
    await pipeline(source, file, signal === undefined ? {} : { signal });
  } catch (error) {
    await fs.rm(path, { force: true });
    if (signal?.aborted) throw signal.reason;
    // What the source has to say is said already.
    throw error instanceof TscomposeError ? error : asHostError(`write ${path}`, error);
  }
}

export function fileExists(path: string): boolean {
  return existsSync(path);
}

/** syncfs(2), off the main thread: everything written to the file system that holds `path` is on disk when it resolves. */
export async function syncFileSystem(path: string): Promise<void> {
  const syncfs = native('libc.so.6', 'int syncfs(int fd)');
  const directory = await fs.open(path, 'r');
  try {
    const answer = await offThread(syncfs, directory.fd);
    checked(`sync the file system of ${path}`, () => answer);
  } finally {
    await directory.close();
  }
}

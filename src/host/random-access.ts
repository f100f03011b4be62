/** Reading a file from any place, and knowing it again after it was renamed. */
import { type FileHandle, open } from 'node:fs/promises';
import { asHostError } from './files.ts';

export interface OpenFile {
  readonly inode: number;
  size(): Promise<number>;
  /** Up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** `undefined` when there is no such file. */
export async function openFile(path: string): Promise<OpenFile | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw asHostError(`open ${path}`, error);
  }
  return {
    inode: (await handle.stat()).ino,
    size: async () => (await handle.stat()).size,
    read: async (position, length) => {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

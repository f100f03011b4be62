/** A project's files as they are on this machine: what the loader's `Reader` asks for. */
import { text } from 'node:stream/consumers';
import { systemFiles } from './files.ts';

/** A reader for one load: standard input, which can be read only once, is remembered for it. */
export function projectReader(input?: NodeJS.ReadableStream): {
  readText(path: string): Promise<string | undefined>;
  kind(path: string): Promise<'file' | 'directory' | 'none'>;
} {
  let typed: Promise<string> | undefined;
  return {
    readText: (path) => {
      if (path !== '-') return systemFiles.readText(path);
      // Asking `process.stdin` makes a stream of it, which takes its time.
      typed ??= text(input ?? process.stdin);
      return typed;
    },
    kind: async (path) => {
      if (path === '-') return 'file';
      const stats = await systemFiles.stat(path);
      if (stats === undefined) return 'none';
      return stats.isDirectory() ? 'directory' : 'file';
    },
  };
}

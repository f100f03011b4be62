/** A project's files as they are on this machine: what the loader's `Reader` asks for. */
import { HostError } from '../errors.ts';
import { type Files, systemFiles } from './files.ts';
import { checkSize, decoded, readUserText } from './user-text.ts';

const userFiles: Pick<Files, 'readText' | 'stat'> = {
  readText: async (path) => readUserText(path),
  stat: (path) => systemFiles.stat(path),
};

/** A reader for one load: standard input, which can be read only once, is remembered for it. */
export function projectReader(
  input?: NodeJS.ReadableStream,
  files: Pick<Files, 'readText' | 'stat'> = userFiles,
): {
  readText(path: string): Promise<string | undefined>;
  kind(path: string): Promise<'file' | 'directory' | 'none'>;
} {
  let typed: Promise<string> | undefined;
  return {
    readText: (path) => {
      if (path !== '-') return named(path, files.readText(path));
      // Asking `process.stdin` makes a stream of it, which takes its time.
      typed ??= readStream(input ?? process.stdin);
      return typed;
    },
    kind: async (path) => {
      if (path === '-') return 'file';
      const stats = await named(path, files.stat(path));
      if (stats === undefined) return 'none';
      return stats.isDirectory() ? 'directory' : 'file';
    },
  };
}

async function readStream(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    checkSize(size, 'standard input');
    parts.push(bytes);
  }
  return decoded(Buffer.concat(parts), 'standard input');
}

/** The user's own file is refused: hints about where the engine keeps its things do not help. */
async function named<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    // What has no cause says by itself what is wrong.
    if (!(error instanceof HostError) || error.cause === undefined) throw error;
    throw new HostError(error.code, `cannot read ${path}: ${reasonOf(error.cause)}`, { cause: error });
  }
}

/** Of "EACCES: permission denied, stat '/x'" what a person needs. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]\w*: (.*), \w+(?: '.*)?$/s.exec(message)?.[1] ?? message;
}

/**
 * Loading a project where the loader is warm. The files are read here as the client would read them itself:
 * the agent is of the same user. When it might see other files than the client (another mount namespace, a
 * descriptor of the client's), or when the work could keep it from answering names, the client has to do it.
 */
import type { Stats } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadOptions, LoadResult } from '../compose/index.ts';
import { HostError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { projectReader } from '../host/project-reader.ts';

export interface LoadRequest {
  readonly options: Omit<LoadOptions, 'reader'>;
  /** Absolute paths, and what the client finds there. */
  readonly sees: Readonly<Record<string, string>>;
}

/** Bytes of one file. Parsing more takes longer than a name may wait for its answer. */
const largestFile = 128 * 1024;

/** What is below them depends on who asks. */
const personal = /^\/(?:dev|proc)\//;

/** The request that an agent may take over; `undefined`: standard input is the client's alone. */
export async function loadRequest(
  files: Files,
  { reader: _, ...options }: LoadOptions,
): Promise<LoadRequest | undefined> {
  if (options.files.includes('-')) return undefined;
  const { cwd, projectDirectory = cwd } = options;
  const named = [projectDirectory, ...options.files, ...options.envFiles].map((path) => resolve(cwd, path));
  const paths = [...new Set(['/', cwd, ...named])];
  const found = await Promise.all(paths.map(async (path) => [path, await identity(files, path)] as const));
  return { options, sees: Object.fromEntries(found) };
}

/** `undefined`: the client must load it itself. */
export async function loadFor(files: Files, { options, sees }: LoadRequest): Promise<LoadResult | undefined> {
  const same = Object.entries(sees).map(async ([path, client]) => (await identity(files, path)) === client);
  if ((await Promise.all(same)).includes(false)) return undefined;
  const { load } = await import('../compose/index.ts');
  const reader = boundedReader(files);
  const result = await load({ ...options, reader });
  return reader.hasRefused() ? undefined : result;
}

async function identity(files: Files, path: string): Promise<string> {
  const stats = await statsOf(files, path);
  if (stats === undefined) return 'none';
  return typeof stats === 'string' ? stats : [stats.dev, stats.ino, stats.size, stats.mtimeMs].join(' ');
}

/** Or the code of the refusal: which file it is that cannot be read is told by who reads it. */
async function statsOf(files: Files, path: string): Promise<Stats | string | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (error instanceof HostError) return error.code;
    throw error;
  }
}

/** Refused files count as absent, so that the loader ends soon; what it makes of that is thrown away. */
function boundedReader(files: Files): LoadOptions['reader'] & { hasRefused(): boolean } {
  const { kind, readText } = projectReader();
  let refused = false;
  return {
    kind,
    readText: async (path) => {
      const stats = await statsOf(files, path);
      const isFit =
        !personal.test(path) && (typeof stats !== 'object' || (stats.isFile() && stats.size <= largestFile));
      if (isFit && !refused) return readText(path);
      refused = true;
      return undefined;
    },
    hasRefused: () => refused,
  };
}

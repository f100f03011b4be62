/** A file that a command writes: whole, or it stays as it was. */
import { once } from 'node:events';
import { createWriteStream, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { finished } from 'node:stream/promises';
import { HostError, TscomposeError } from '../errors.ts';
import { systemFiles } from '../host/files.ts';

type Write = (to: NodeJS.WritableStream) => Promise<void>;

/** Nobody else may read it: images hold secrets more often than one thinks. */
const mode = 0o600;

/**
 * Devices and pipes are written to as they are.
 * @throws HostError `HOST_<errno>` before anything is written when the path leads nowhere; what `write` threw
 */
export async function writeWhole(path: string, write: Write): Promise<void> {
  try {
    const there = await systemFiles.stat(path);
    if (there?.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    if (there !== undefined && !there.isFile()) return await fill(path, 'w', write);
    await replace((await systemFiles.realpath(path)) ?? path, write);
  } catch (error) {
    throw asRefusal(path, error);
  }
}

async function replace(path: string, write: Write): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  const remove = (): void => rmSync(temporary, { force: true });
  const interrupted = (signal: NodeJS.Signals): never => {
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupted);
  try {
    await fill(temporary, 'wx', write);
    await systemFiles.rename(temporary, path);
  } catch (error) {
    remove();
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
  }
}

async function fill(path: string, flags: 'w' | 'wx', write: Write): Promise<void> {
  const file = createWriteStream(path, { flags, mode });
  // What goes wrong comes out below; after that nobody needs to hear it.
  file.on('error', () => undefined);
  try {
    await once(file, 'open');
    await write(file);
    file.end();
    await finished(file);
  } finally {
    file.destroy();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  ENOTDIR: 'there is no such directory',
  EACCES: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left there',
};

function asRefusal(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof TscomposeError || code === undefined) return error;
  return new HostError(`HOST_${code}`, `cannot write ${path}: ${reasons[code] ?? message}`, { cause: error });
}

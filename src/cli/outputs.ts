/** Standard output and standard error, for text. */
import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { HostError } from '../errors.ts';
import type { Output } from './io.ts';

const descriptors = { stdout: 1, stderr: 2 } as const;
type Name = keyof typeof descriptors;

const opened = new Set<Name>();

/** The process's stream of that name. `tscompose logs | head`: the reader has what it wanted, that is no error of ours. */
export function streamOf(name: Name): NodeJS.WriteStream {
  const stream = process[name];
  if (!opened.has(name)) stream.on('error', endUnlessRead);
  opened.add(name);
  return stream;
}

/**
 * Node makes a stream of a descriptor when it is first asked for, which takes as long as a small command's own work.
 * So text goes straight to what is no terminal, as long as nobody has asked and it is taken at once.
 */
export function output(name: Name): Output {
  const terminal = isTerminal(descriptors[name]);
  return {
    write: (text) => {
      const rest = terminal || opened.has(name) ? Buffer.from(text) : writeNow(descriptors[name], text);
      if (rest.length > 0) streamOf(name).write(rest);
    },
    isTTY: terminal,
    get columns() {
      return (terminal ? streamOf(name).columns : undefined) ?? 80;
    },
  };
}

/** The library that knows terminals takes 7 ms to load: it is asked only about what may be one. */
export function isTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== nullDevice && isatty(descriptor);
  } catch {
    // Closed by whoever started us.
    return false;
  }
}

/** `/dev/null`: major 1, minor 3 (Linux, devices.txt). */
const nullDevice = (1 << 8) | 3;

/** What could not be written without waiting. */
function writeNow(descriptor: number, text: string): Buffer {
  let rest = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') endUnlessRead(error as NodeJS.ErrnoException);
  }
  return rest;
}

/** Once all that was given to the streams has been taken. */
export async function written(): Promise<void> {
  for (const name of opened) {
    const stream = streamOf(name);
    if (stream.writableLength > 0 && !stream.destroyed)
      await new Promise((resolve) => stream.once('close', resolve).write('', resolve));
  }
}

function endUnlessRead(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw new HostError(`HOST_${error.code}`, `cannot write what there is to say: ${error.message}`, {
    cause: error,
  });
}

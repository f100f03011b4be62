/** The real world of the command line: this process's streams, this machine's agent. */

import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream, fstatSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { HostError } from '../errors.ts';
import { systemClock } from '../host/clock.ts';
import { systemFiles } from '../host/files.ts';
import { statNow } from '../host/files-now.ts';
import { spawnByNode, startError } from '../host/processes.ts';
import { isForTwoThreads, prepareForFile } from './big-file.ts';
import { commandReader } from './command-files.ts';
import { ExitWith, exitCodes } from './exit.ts';
import type { Io, Program } from './io.ts';
import { isTerminal, output, streamOf } from './outputs.ts';
import type { Stdio, Terminal } from './terminal.ts';

/** Beside the built command line. */
const partsThread = join(import.meta.dirname, '../bin/parts-thread.cjs');

export function systemIo(): Io {
  return {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: {
      get isTTY() {
        return isTerminal(0);
      },
    },
    environment: process.env,
    cwd: process.cwd(),
    reader: commandReader(prepareForFile),
    secondThread: async (file = 'compose.yaml') => {
      if (!isForTwoThreads(sizeOf(resolve(process.cwd(), file)))) return undefined;
      const { startThread } = await import('../host/one-job.ts');
      return startThread(partsThread);
    },
    compose: () => import('../compose/index.ts'),
    planText: async (plan, format = 'text') => {
      const { formatPlan } = await import('../compose/plan/index.ts');
      const { nearPath } = await import('./views/problems.ts');
      return formatPlan(plan, format, (file) => nearPath(file, process.cwd()));
    },
    now: () => Date.now(),
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    randomSlug: () => randomBytes(6).toString('hex'),
    connect: async () => (await import('../agent/client.ts')).connect(),
    onInterrupt,
    runProgram,
    terminal: async () => terminal,
    attach,
    ask,
    readBytes: (path) => (path === '-' ? process.stdin : readable(path)),
    writeBytes: async (path, write) =>
      path === '-' ? write(streamOf('stdout')) : (await import('./whole-file.ts')).writeWhole(path, write),
    writeText: (path, content) => systemFiles.write(path, content),
  };
}

/** In bytes; 0 when there is no file. */
function sizeOf(path: string): number {
  try {
    return statNow(path)?.size ?? 0;
  } catch {
    // Whoever reads it tells why not.
    return 0;
  }
}

/** Opened at once, so that a path that leads nowhere is a refusal and no broken stream. */
function readable(path: string): NodeJS.ReadableStream {
  try {
    const fd = openSync(path, 'r');
    if (!fstatSync(fd).isDirectory()) return createReadStream(path, { fd });
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new HostError(`HOST_${code}`, `cannot read ${path}: ${unreadable[code] ?? message}`, {
      cause: error,
    });
  }
  throw new HostError('HOST_EISDIR', `cannot read ${path}: it is a directory`);
}

const unreadable: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
};

const interrupts = ['SIGINT', 'SIGTERM'] as const;

function onInterrupt(listener: (signal: (typeof interrupts)[number]) => void): () => void {
  const heard = (signal: NodeJS.Signals): void => listener(signal as (typeof interrupts)[number]);
  for (const signal of interrupts) process.on(signal, heard);
  return () => {
    for (const signal of interrupts) process.off(signal, heard);
  };
}

/** Signals that reach us are meant for the program: the terminal's go to it by themselves, others are passed on. */
function runProgram({ argv, env, detach, stdin, tty }: Program): Promise<number> {
  const as = (stream: { readonly isTTY?: boolean }): 'ignore' | 'pipe' | 'inherit' => {
    if (detach) return 'ignore';
    return stream.isTTY === true && !tty ? 'pipe' : 'inherit';
  };
  const child = spawnByNode(argv, {
    stdio: [stdin ? as(process.stdin) : 'ignore', as(streamOf('stdout')), as(streamOf('stderr'))],
    detached: detach,
    env: { PATH: process.env.PATH ?? '', TERM: process.env.TERM ?? '', ...env },
  });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(startError(argv, error)));
    if (detach) {
      child.on('spawn', () => {
        child.unref();
        resolve(0);
      });
      return;
    }
    const undo = [passOn(child), plug(child), ...(tty ? [followSize(child)] : [])];
    child.on('close', (code, signal) => {
      for (const step of undo) step();
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}

/** The program's terminal keeps the size of ours. */
function followSize({ pid }: ChildProcess): () => void {
  const follow = async (): Promise<void> => {
    const { resizeTerminals } = await import('../host/child-terminal.ts');
    if (pid !== undefined) resizeTerminals(pid, terminal.rows, terminal.columns);
  };
  const resized = (): void => void follow();
  streamOf('stdout').on('resize', resized);
  return () => void streamOf('stdout').off('resize', resized);
}

/** Hands bytes over where the program has pipes of its own. */
function plug({ stdin, stdout, stderr }: ChildProcess): () => void {
  stdout?.pipe(streamOf('stdout'), { end: false });
  stderr?.pipe(streamOf('stderr'), { end: false });
  if (stdin === null) return () => undefined;
  // The program may end, or close its input, before everything has been typed.
  stdin.on('error', () => undefined);
  process.stdin.pipe(stdin);
  return () => {
    process.stdin.unpipe(stdin);
    process.stdin.pause();
    process.stdin.unref();
  };
}

function passOn(child: ChildProcess): () => void {
  const handlers = ([...interrupts, 'SIGHUP', 'SIGQUIT'] as const).map((signal) => {
    const handler = (): void => {
      // A terminal's own Ctrl-C has reached the whole foreground group already.
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    process.on(signal, handler);
    return () => void process.off(signal, handler);
  });
  return () => {
    for (const release of handlers) release();
  };
}

/** However we end, the shell gets its terminal back as it was. */
function giveBack(): void {
  process.stdin.setRawMode(false);
}

/** Their default would end us without an `exit` event, and the terminal would stay raw. */
const deadly = ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

function endBySignal(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

const terminal: Terminal = {
  get stdinIsTTY() {
    return isTerminal(0);
  },
  get rows() {
    return streamOf('stdout').rows ?? 24;
  },
  get columns() {
    return streamOf('stdout').columns ?? 80;
  },
  onInput: (listener) => {
    const onData = (bytes: Buffer): void => listener(bytes);
    const onEnd = (): void => listener(undefined);
    process.stdin.on('data', onData).on('end', onEnd);
    return () => {
      process.stdin.off('data', onData).off('end', onEnd);
      process.stdin.pause();
      // A pipe that is still open on the other side would keep us from ending.
      process.stdin.unref?.();
    };
  },
  onResize: (listener) => {
    streamOf('stdout').on('resize', listener);
    return () => void streamOf('stdout').off('resize', listener);
  },
  setRaw: (raw) => {
    process.stdin.setRawMode(raw);
    const change = raw ? 'on' : 'off';
    process[change]('exit', giveBack);
    for (const signal of deadly) process[change](signal, endBySignal);
  },
  write: (stream, bytes) =>
    new Promise((resolve, reject) => {
      streamOf(stream).write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
};

async function attach(point: Parameters<Io['attach']>[0]): Promise<Stdio | undefined> {
  const { attachStdio, isNotListening } = await import('../host/attach.ts');
  try {
    return attachStdio(point);
  } catch (error) {
    if (isNotListening(error)) return undefined;
    throw error;
  }
}

async function ask(question: string): Promise<string | undefined> {
  if (process.stdin.isTTY !== true) return undefined;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: streamOf('stderr') });
  try {
    return await new Promise((resolve, reject) => {
      lines.once('SIGINT', () => reject(new ExitWith(exitCodes.interrupted)));
      lines.once('close', () => resolve(''));
      lines.question(question).then(resolve, reject);
    });
  } finally {
    lines.close();
  }
}

/** Running programs to their end: by execa where comfort counts, by posix_spawn(3) where time does. */
import type { Readable } from 'node:stream';
import {
  failedProgram,
  missingProgram,
  type Output,
  plainEnvironment,
  type RunOptions,
  startError,
} from './processes.ts';
import { quickSpawn } from './quick-spawn.ts';

const defaultLimitBytes = 16 * 1024 * 1024;

/**
 * Runs a program to its end and collects what it printed. Input, time limit and abort signal are execa's.
 * @throws HostError `HOST_COMMAND_FAILED` (unless `allowFailure`), `HOST_TOOL_MISSING`, `HOST_START_FAILED`
 */
export async function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Output> {
  // Loaded on first use: it costs a dozen milliseconds, and most commands never come here.
  const { execa } = await import('execa');
  const [program, ...args] = argv;
  const ended = await execa(program, args, {
    env: { ...(options.env ?? plainEnvironment) },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: options.maxOutputBytes ?? defaultLimitBytes,
    forceKillAfterDelay: false,
    killSignal: 'SIGKILL',
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
  });
  if (ended.code === 'ENOENT') throw missingProgram(program, ended);
  const stopped = ended.isTerminated || ended.timedOut || ended.isCanceled;
  if (ended.exitCode === undefined && !stopped && !ended.isMaxBuffer)
    throw startError(argv, ended as NodeJS.ErrnoException);
  const output = {
    code: ended.exitCode ?? 128 + SIGKILL,
    stdout: String(ended.stdout ?? ''),
    stderr: String(ended.stderr ?? ''),
    timedOut: ended.timedOut,
  };
  if (output.code === 0 || options.allowFailure) return output;
  throw failedProgram(argv, output, options.purpose);
}

const SIGKILL = 9;

/** As `run`, for the programs that every container needs: started by posix_spawn(3), nothing in, no time limit. */
export async function runQuickly(
  argv: readonly [string, ...string[]],
  options: Pick<RunOptions, 'allowFailure' | 'purpose'> = {},
): Promise<Output> {
  const child = await quickSpawn(argv);
  const [{ code }, stdout, stderr] = await Promise.all([
    child.exit,
    textOf(child.stdio[1]),
    textOf(child.stdio[2]),
  ]);
  const output = { code, stdout, stderr, timedOut: false };
  if (code === 0 || options.allowFailure) return output;
  throw failedProgram(argv, output, options.purpose);
}

async function textOf(stream: Readable | null | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

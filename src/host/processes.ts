/** Programs: run to the end, or started with pipes. The environment is chosen, never copied. */
import { type ChildProcess, spawn as spawnChild } from 'node:child_process';
import { HostError } from '../errors.ts';

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Resolve, whatever the exit code. */
  readonly allowFailure?: boolean;
  /** Keep at most this many bytes of each stream. Default 16 MiB. */
  readonly maxOutputBytes?: number;
  /** What we are trying to do, for the error: "create the container". */
  readonly purpose?: string;
}

export interface Output {
  /** 128 + signal when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As `node:child_process`: `'ignore' | 'pipe' | 'inherit' | fd`, by descriptor number. */
  readonly stdio?: readonly ('ignore' | 'pipe' | 'inherit' | number)[];
  /** In a session of its own, so that it outlives us. */
  readonly detached?: boolean;
}

export type Child = ChildProcess;

/** What every program we start sees, and nothing else. */
export const plainEnvironment: Readonly<Record<string, string>> = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
};

/** Debian packages by the program we want of them. */
export const packageOf: Readonly<Record<string, string>> = {
  crun: 'crun',
  runc: 'runc',
  conmon: 'conmon',
  nft: 'nftables',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  mount: 'mount',
  tini: 'tini',
  'tini-static': 'tini',
};

export function spawn(argv: readonly [string, ...string[]], options: SpawnOptions = {}): Child {
  const [program, ...args] = argv;
  return spawnChild(program, args, {
    env: { ...(options.env ?? plainEnvironment) },
    stdio: [...(options.stdio ?? ['ignore', 'pipe', 'pipe'])],
    detached: options.detached ?? false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

export function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv, {
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    const limit = options.maxOutputBytes ?? 16 * 1024 * 1024;
    const stdout = collect(child.stdout, limit);
    const stderr = collect(child.stderr, limit);
    let timedOut = false;
    const end = (): void => void child.kill('SIGKILL');
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            end();
          }, options.timeoutMs);
    options.signal?.addEventListener('abort', end, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(startError(argv, error));
    });
    child.on('close', (code, signal) => {
      settle();
      const output = {
        code: code ?? 128 + signalNumber(signal),
        stdout: stdout(),
        stderr: stderr(),
        timedOut,
      };
      if (output.code === 0 || options.allowFailure) resolve(output);
      else reject(failure(argv, output, options.purpose));
    });
    if (options.input !== undefined) {
      // The program may end before it has read everything; its exit code says so.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input);
    }
  });
}

function collect(stream: NodeJS.ReadableStream | null, limit: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size >= limit) return;
    chunks.push(chunk.subarray(0, limit - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

const signals: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function signalNumber(name: string | null): number {
  return signals[name ?? ''] ?? 1;
}

export function startError(argv: readonly string[], error: NodeJS.ErrnoException): HostError {
  const program = argv[0] ?? '';
  if (error.code !== 'ENOENT')
    return new HostError('HOST_START_FAILED', `cannot start ${program}: ${error.message}`, { cause: error });
  const bringer = packageOf[program];
  return new HostError('HOST_TOOL_MISSING', `the program "${program}" is not on this machine`, {
    cause: error,
    ...(bringer === undefined
      ? {}
      : { hint: `install the package "${bringer}": apt-get install ${bringer}` }),
  });
}

function failure(argv: readonly string[], output: Output, purpose: string | undefined): HostError {
  const said = output.stderr.trim().split('\n').slice(-5).join('\n');
  const doing = purpose ?? `run ${argv[0]}`;
  return new HostError(
    'HOST_COMMAND_FAILED',
    `cannot ${doing}: ${argv.slice(0, 4).join(' ')} ended with ${output.code}${said === '' ? '' : `: ${said}`}`,
  );
}

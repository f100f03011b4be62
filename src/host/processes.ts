/** Programs: what is asked of them and what they answer. The environment is chosen, never copied. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
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
  /** By descriptor number. `pipe` is read by us, `feed` written by us. Default: nothing in, both outputs piped. */
  readonly stdio?: readonly ('ignore' | 'pipe' | 'feed' | 'inherit' | number)[];
  /** In a session of its own, so that it outlives us. */
  readonly detached?: boolean;
}

/** A program that was started. */
export interface Child {
  readonly pid: number;
  /** Our ends of the pipes, by descriptor number. */
  readonly stdio: readonly (Socket | null)[];
  /** Resolves when the program has ended; what it wrote may still be on its way. */
  readonly exit: Promise<Ending>;
  kill(signal: NodeJS.Signals): void;
}

export interface Ending {
  /** 128 + signal when a signal ended it. */
  readonly code: number;
  /** 0: none. */
  readonly signal: number;
}

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
  zstd: 'zstd',
  xz: 'xz-utils',
  bzip2: 'bzip2',
};

/** Starts a program the way Node does: for clients, which start one and live shortly. */
export function spawnByNode(
  argv: readonly [string, ...string[]],
  options: Omit<SpawnOptions, 'stdio'> & { readonly stdio?: StdioOptions } = {},
): ChildProcess {
  const [program, ...args] = argv;
  return spawn(program, args, {
    env: { ...(options.env ?? plainEnvironment) },
    stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

export function startError(argv: readonly string[], error: NodeJS.ErrnoException): HostError {
  const program = argv[0] ?? '';
  if (error.code === 'ENOENT') return missingProgram(program, error);
  return new HostError('HOST_START_FAILED', `cannot start ${program}: ${error.message}`, { cause: error });
}

/** With the Debian package that brings it, where we know. */
export function missingProgram(program: string, cause?: unknown): HostError {
  const bringer = packageOf[program];
  return new HostError('HOST_TOOL_MISSING', `the program "${program}" is not on this machine`, {
    ...(cause === undefined ? {} : { cause }),
    ...(bringer === undefined
      ? {}
      : { hint: `install the package "${bringer}": apt-get install ${bringer}` }),
  });
}

/** Several at once, each with its package: they are installed together. */
export function missingPrograms(programs: readonly string[]): HostError {
  const [first = ''] = programs;
  if (programs.length === 1) return missingProgram(first);
  const packages = [...new Set(programs.map((program) => packageOf[program] ?? program))];
  return new HostError('HOST_TOOL_MISSING', `the programs ${listed(programs)} are not on this machine`, {
    hint: `install the packages ${listed(packages)}: apt-get install ${packages.join(' ')}`,
  });
}

/** `"a", "b" and "c"` */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

/** @param output of a program that ended otherwise than with 0 */
export function failedProgram(
  argv: readonly string[],
  output: Output,
  purpose: string | undefined,
): HostError {
  const said = output.stderr.trim().split('\n').slice(-5).join('\n');
  const doing = purpose ?? `run ${argv[0]}`;
  return new HostError(
    'HOST_COMMAND_FAILED',
    `cannot ${doing}: ${argv.slice(0, 4).join(' ')} ended with ${output.code}${said === '' ? '' : `: ${said}`}`,
  );
}

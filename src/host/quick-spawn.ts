/**
 * Starting programs by posix_spawn(3). Node's own way forks, which copies the page tables of a large process and
 * costs the event loop over a millisecond each time. This shares them until the program runs, and waits for that on a
 * worker thread. The agent starts several programs a container, so it starts them this way.
 */
import { accessSync, constants } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { HostError } from '../errors.ts';
import { checked, errnoName, native } from './libc.ts';
import { type Child, type Ending, missingProgram, plainEnvironment, type SpawnOptions } from './processes.ts';

/**
 * Starts the program. Its descriptors are those of `stdio` and no others.
 * @throws HostError `HOST_TOOL_MISSING`, `HOST_START_FAILED`
 */
export async function quickSpawn(
  argv: readonly [string, ...string[]],
  options: SpawnOptions = {},
): Promise<Child> {
  const program = find(argv[0]);
  const plan = (options.stdio ?? ['ignore', 'pipe', 'pipe']).map(connect);
  const recipe = new Recipe(
    options,
    plan.map(({ inside }) => inside),
  );
  try {
    const environment = Object.entries(options.env ?? plainEnvironment).map(
      ([name, value]) => `${name}=${value}`,
    );
    const pid = await recipe.spawn(program, argv, environment);
    return {
      pid,
      stdio: plan.map(({ stream }) => stream?.() ?? null),
      exit: watch(pid),
      kill: (signal) => kill(pid, signal),
    };
  } catch (error) {
    for (const { outside } of plan) if (outside !== undefined) close(outside);
    throw error;
  } finally {
    for (const { inside, outside } of plan)
      if (outside !== undefined && typeof inside === 'number') close(inside);
    recipe.destroy();
  }
}

/** One descriptor of the new process: what it gets, what we keep, and the stream over that. */
interface Connection {
  readonly inside: number | 'null';
  readonly outside?: number;
  readonly stream?: () => Socket;
}

/** Descriptors 0 and 4 of a monitor are written by us, the others read; a pipe's direction follows its number. */
function connect(kind: NonNullable<SpawnOptions['stdio']>[number], target: number): Connection {
  if (kind === 'ignore') return { inside: 'null' };
  if (kind === 'inherit') return { inside: target };
  if (typeof kind === 'number') return { inside: kind };
  const ends = pipe();
  const weWrite = kind === 'feed';
  const [inside, outside] = weWrite ? [ends.read, ends.write] : [ends.write, ends.read];
  const stream = (): Socket => new Socket({ fd: outside, readable: !weWrite, writable: weWrite });
  return { inside, outside, stream };
}

const O_CLOEXEC = 0o2000000;
const O_RDWR = 2;
const F_DUPFD_CLOEXEC = 1030;
/** Above every descriptor that a new process is given, so that no `dup2` overwrites one still needed. */
const firstOwnDescriptor = 16;

function pipe(): { read: number; write: number } {
  const ends: [number, number] = [-1, -1];
  const pipe2 = native('libc.so.6', 'int pipe2(_Out_ int *ends, int flags)');
  checked('make a pipe', () => pipe2(ends, O_CLOEXEC));
  return { read: lift(ends[0]), write: lift(ends[1]) };
}

function lift(fd: number): number {
  if (fd >= firstOwnDescriptor) return fd;
  const fcntl = native('libc.so.6', 'int fcntl(int fd, int command, ...)');
  const lifted = checked('move a descriptor', () => fcntl(fd, F_DUPFD_CLOEXEC, 'int', firstOwnDescriptor));
  close(fd);
  return lifted;
}

function close(fd: number): void {
  native('libc.so.6', 'int close(int fd)')(fd);
}

const posixSpawn =
  'int posix_spawn(_Out_ int *pid, const char *path, const void *actions, const void *attributes, const char **argv, const char **environment)';

/** The C structures of a spawn. Generous in size: glibc's are 80, 336 and 128 bytes. */
class Recipe {
  private readonly actions = Buffer.alloc(512);
  private readonly attributes = Buffer.alloc(512);

  constructor(options: SpawnOptions, descriptors: readonly (number | 'null')[]) {
    call('int posix_spawn_file_actions_init(void *actions)', this.actions);
    call('int posix_spawnattr_init(void *attributes)', this.attributes);
    for (const [target, inside] of descriptors.entries()) this.place(inside, target);
    if (options.cwd !== undefined) {
      call(
        'int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)',
        this.actions,
        options.cwd,
      );
    }
    // Node ignores SIGPIPE, and what is ignored stays so across exec: programs expect it to end them.
    const defaults = Buffer.alloc(128);
    defaults.writeBigUInt64LE(1n << BigInt(SIGPIPE - 1));
    call('int posix_spawnattr_setsigdefault(void *attributes, const void *set)', this.attributes, defaults);
    const flags = SETSIGDEF | (options.detached ? SETSID : 0);
    call('int posix_spawnattr_setflags(void *attributes, short flags)', this.attributes, flags);
  }

  spawn(program: string, argv: readonly string[], environment: readonly string[]): Promise<number> {
    const spawn = native('libc.so.6', posixSpawn);
    const pid: [number] = [0];
    const { actions, attributes } = this;
    return new Promise((resolve, reject) => {
      const done = (error: unknown, number: number): void => {
        if (error) reject(error);
        else if (number !== 0) reject(startFailure(number));
        else resolve(pid[0]);
      };
      spawn.async(pid, program, actions, attributes, [...argv, null], [...environment, null], done);
    });
  }

  destroy(): void {
    call('int posix_spawn_file_actions_destroy(void *actions)', this.actions);
    call('int posix_spawnattr_destroy(void *attributes)', this.attributes);
  }

  private place(inside: number | 'null', target: number): void {
    if (inside === 'null') {
      const open =
        'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, uint32_t mode)';
      call(open, this.actions, target, '/dev/null', O_RDWR, 0);
    } else {
      call(
        'int posix_spawn_file_actions_adddup2(void *actions, int fd, int target)',
        this.actions,
        inside,
        target,
      );
    }
  }
}

const SIGPIPE = 13;
const SETSIGDEF = 0x04;
const SETSID = 0x80;

/** These functions answer the error's number itself. */
function call(prototype: string, ...args: unknown[]): void {
  const number = native('libc.so.6', prototype)(...args);
  if (number !== 0) throw startFailure(number);
}

function startFailure(number: number): HostError {
  return new HostError('HOST_START_FAILED', `cannot start a program: ${errnoName(number)}`);
}

const found = new Map<string, string>();

function find(program: string): string {
  if (program.includes('/')) return program;
  const known = found.get(program);
  if (known !== undefined) return known;
  for (const directory of (plainEnvironment.PATH ?? '').split(delimiter)) {
    const path = join(directory, program);
    if (!isExecutable(path)) continue;
    found.set(program, path);
    return path;
  }
  throw missingProgram(program);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Children that have not been reaped, by pid. Node only reaps those it started itself. */
const unreaped = new Map<number, (ending: Ending) => void>();

function watch(pid: number): Promise<Ending> {
  if (unreaped.size === 0) process.on('SIGCHLD', reap);
  const exit = new Promise<Ending>((resolve) => unreaped.set(pid, resolve));
  // It may have ended before anyone listened.
  setImmediate(reap);
  return exit;
}

const WNOHANG = 1;

function reap(): void {
  const waitpid = native('libc.so.6', 'int waitpid(int pid, _Out_ int *status, int options)');
  for (const [pid, resolve] of [...unreaped]) {
    const status: [number] = [0];
    if (waitpid(pid, status, WNOHANG) === 0) continue;
    unreaped.delete(pid);
    resolve(endingOf(status[0]));
  }
  if (unreaped.size === 0) process.off('SIGCHLD', reap);
}

/** @see wait(2): the low seven bits are the signal, the next byte the exit code. */
function endingOf(status: number): Ending {
  const signal = status & 0x7f;
  return signal === 0 ? { code: (status >> 8) & 0xff, signal: 0 } : { code: 128 + signal, signal };
}

function kill(pid: number, signal: NodeJS.Signals): void {
  if (unreaped.has(pid)) process.kill(pid, signal);
}

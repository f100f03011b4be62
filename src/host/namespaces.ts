/**
 * Network namespaces. The kernel gives a socket the namespace of the thread that makes it, for good: so the
 * main thread steps in, makes the socket and steps back, within one synchronous call and some microseconds.
 */
import { closeSync, openSync } from 'node:fs';
import { asHostError } from './files.ts';
import { checked, native } from './libc.ts';

/** A network namespace held open. It lives at least until `close`, whatever happens to its processes. */
export interface Namespace {
  /** -1 once closed: the kernel gives the number out again, perhaps to another container's namespace. */
  readonly fd: number;
  close(): void;
}

const CLONE_NEWNET = 0x4000_0000;

/** @throws HostError `HOST_ENOENT` when the process is gone */
export function openNamespace(pid: number): Namespace {
  let fd = opened(`/proc/${pid}/ns/net`);
  return {
    get fd() {
      return fd;
    },
    close: () => {
      if (fd !== -1) closeSync(fd);
      fd = -1;
    },
  };
}

/**
 * Carries out `work` with the main thread inside the namespace. The work must be synchronous and must start
 * no thread: a thread inherits the namespace of its maker.
 * @throws HostError `HOST_EBADF` when the namespace has been closed
 */
export function within<T>(namespace: Namespace | undefined, work: () => T): T {
  if (namespace === undefined) return work();
  own ??= opened('/proc/thread-self/ns/net');
  enter(namespace.fd);
  try {
    return work();
  } finally {
    enter(own);
  }
}

let own: number | undefined;

function enter(fd: number): void {
  const setns = native('libc.so.6', 'int setns(int fd, int kind)');
  checked('enter a network namespace', () => setns(fd, CLONE_NEWNET));
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw asHostError(`open the network namespace ${path}`, error);
  }
}

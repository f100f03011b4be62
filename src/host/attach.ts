/**
 * The client's end of conmon's attach socket. It is SOCK_SEQPACKET, which `node:net` cannot speak: the socket is
 * made by libc and then read and written as a plain file descriptor, one packet a call.
 * @see conmon, src/conn_sock.c and src/ctr_stdio.c
 */
import * as fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { HostError } from '../errors.ts';
import { asHostError } from './files.ts';
import { checked, native } from './libc.ts';

export type StdioStream = 'stdout' | 'stderr';

export interface AttachedStdio {
  /** Calls back with each piece of output, in order. Resolves when the container has closed its side. */
  read(onPacket: (stream: StdioStream, bytes: Buffer) => void | Promise<void>): Promise<void>;
  write(bytes: Buffer): Promise<void>;
  /** No more input: conmon closes the container's standard input. */
  endInput(): void;
  /** Size of the container's terminal, in characters. */
  resize(rows: number, columns: number): void;
  close(): void;
}

const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2000000;
const SHUT_WR = 1;
const SHUT_RDWR = 2;

/** conmon sends one byte for the stream and at most 8192 of data. */
const packetBytes = 8193;
/** conmon reads at most 32 KiB at once and drops the rest of a longer packet. */
const writeBytes = 8192;

const streams: Readonly<Record<number, StdioStream>> = { 2: 'stdout', 3: 'stderr' };

/**
 * Connects to a container's stdio.
 * @param paths the `attach` socket and the `ctl` fifo of its bundle
 * @throws HostError `HOST_ENOENT`, `HOST_ECONNREFUSED` when nothing listens there (yet, or any longer)
 */
export function attachStdio(paths: { readonly socket: string; readonly control: string }): AttachedStdio {
  const socket = native('libc.so.6', 'int socket(int domain, int type, int protocol)');
  const shutdown = native('libc.so.6', 'int shutdown(int fd, int how)');
  const fd = checked('make a socket', () => socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  try {
    connectTo(fd, paths.socket);
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
  let reading: Promise<void> | undefined;
  let closed = false;
  return {
    read: (onPacket) => {
      reading = readPackets(fd, onPacket);
      return reading;
    },
    write: (bytes) => writePackets(fd, bytes),
    endInput: () => void shutdown(fd, SHUT_WR),
    resize: (rows, columns) => tellSize(paths.control, rows, columns),
    close: () => {
      if (closed) return;
      closed = true;
      // Wakes a read that is waiting; the descriptor may be given to another only after it has returned.
      shutdown(fd, SHUT_RDWR);
      void Promise.resolve(reading)
        .catch(() => undefined)
        .then(() => fs.closeSync(fd));
    },
  };
}

/** A socket's address holds 108 bytes; going through the open directory makes any path short. */
function connectTo(fd: number, path: string): void {
  const connect = native('libc.so.6', 'int connect(int fd, const void *address, unsigned int length)');
  const directory = openDirectory(dirname(path));
  try {
    const short = Buffer.from(`/proc/self/fd/${directory}/${basename(path)}\0`);
    const family = Buffer.alloc(2);
    family.writeUInt16LE(AF_UNIX);
    const address = Buffer.concat([family, short]);
    checked(`connect to ${path}`, () => connect(fd, address, address.length));
  } finally {
    fs.closeSync(directory);
  }
}

function openDirectory(path: string): number {
  try {
    return fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  } catch (error) {
    throw asHostError(`open ${path}`, error);
  }
}

async function readPackets(
  fd: number,
  onPacket: (stream: StdioStream, bytes: Buffer) => void | Promise<void>,
): Promise<void> {
  const buffer = Buffer.alloc(packetBytes);
  for (;;) {
    const size = await readOnce(fd, buffer);
    if (size === 0) return;
    const stream = streams[buffer[0] ?? 0];
    if (stream !== undefined) await onPacket(stream, Buffer.from(buffer.subarray(1, size)));
  }
}

/** 0 at the end. A reset connection is an end as well: conmon has gone with its container. */
function readOnce(fd: number, buffer: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.read(fd, buffer, 0, buffer.length, null, (error, size) => {
      if (error === null) resolve(size);
      else if (error.code === 'ECONNRESET' || error.code === 'EBADF') resolve(0);
      else reject(asHostError("read the container's output", error));
    });
  });
}

async function writePackets(fd: number, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += writeBytes)
    await writeOnce(fd, bytes.subarray(at, at + writeBytes));
}

function writeOnce(fd: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, 0, bytes.length, null, (error) => {
      if (error === null) resolve();
      else reject(asHostError("write the container's input", error));
    });
  });
}

/** A container that has just ended has no reader on its fifo any longer: that is no mistake. */
function tellSize(control: string, rows: number, columns: number): void {
  let fd: number | undefined;
  try {
    fd = fs.openSync(control, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
    fs.writeSync(fd, `1 ${rows} ${columns}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['ENXIO', 'ENOENT', 'EPIPE'].includes(code ?? '')) throw asHostError(`write ${control}`, error);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** Whether an attempt to connect failed only because nothing listens yet. */
export function isNotListening(error: unknown): boolean {
  return (
    error instanceof HostError && ['HOST_ENOENT', 'HOST_ENOTDIR', 'HOST_ECONNREFUSED'].includes(error.code)
  );
}

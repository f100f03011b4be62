/**
 * A user's file as text. It may be anything: a device without end, a pipe that nobody writes to, bytes in another
 * encoding. What cannot be read is refused soon and with a reason, never waited for without end.
 */
import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { HostError, TscomposeError } from '../errors.ts';
import { asHostError, hasCode } from './files.ts';

/** Ten thousand services need a quarter of it. */
const largest = 32 << 20;
/** How long a pipe may say nothing. */
const silenceMs = 10_000;

/**
 * The text, or `undefined` when there is no such file.
 * @throws HostError when it cannot be read, TscomposeError `COMPOSE_ENCODING` when it is no text
 */
export function readUserText(path: string): string | undefined {
  const bytes = readUserBytes(path);
  return bytes === undefined ? undefined : decoded(bytes, path);
}

function readUserBytes(path: string): Buffer | undefined {
  try {
    // A pipe is opened at once only this way; a file minds nothing.
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return readAll(fd, fstatSync(fd), path);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (hasCode(error, ['ENOENT', 'ENOTDIR'])) return undefined;
    throw error instanceof TscomposeError ? error : asHostError(`read ${path}`, error);
  }
}

function readAll(fd: number, stats: Stats, path: string): Buffer {
  if (stats.isDirectory()) throw refused('EISDIR', path, 'it is a directory');
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    // One byte more than it has, so that the second read finds its end.
    const part = Buffer.allocUnsafe(
      stats.isFile() && size === 0 ? Math.min(stats.size, largest) + 1 : 1 << 16,
    );
    const length = readSome(fd, part, path);
    if (length === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    size += length;
    checkSize(size, path);
    parts.push(part.subarray(0, length));
  }
}

/** Waits for who writes into a pipe, but not for ever. */
function readSome(fd: number, part: Buffer, path: string): number {
  for (let waited = 0; waited <= silenceMs; waited += pauseMs) {
    try {
      return readSync(fd, part);
    } catch (error) {
      if (!hasCode(error, ['EAGAIN'])) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  throw refused('ETIMEDOUT', path, `nothing came out of it for ${silenceMs / 1000} seconds`);
}

const pauseMs = 10;

/** @throws HostError `HOST_EFBIG` */
export function checkSize(size: number, path: string): void {
  if (size > largest) throw refused('EFBIG', path, `it has more than ${largest >> 20} MiB`);
}

function refused(code: string, path: string, reason: string): HostError {
  return new HostError(`HOST_${code}`, `cannot read ${path}: ${reason}`);
}

/** UTF-8, or UTF-16 that says so in its first bytes. @throws TscomposeError `COMPOSE_ENCODING` */
export function decoded(bytes: Buffer, path: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return new TextDecoder('utf-16le').decode(bytes.subarray(0, bytes.length & ~1).swap16());
  }
  if (!isUtf8(bytes)) throw notText(bytes, path);
  return bytes.toString('utf8');
}

function notText(bytes: Buffer, path: string): TscomposeError {
  const at = firstBadByte(bytes);
  const before = bytes.subarray(0, at);
  const lineStart = before.lastIndexOf(10) + 1;
  const line = before.reduce((count, byte) => (byte === 10 ? count + 1 : count), 1);
  const byte = `0x${bytes[at]!.toString(16).padStart(2, '0')}`;
  return new TscomposeError(
    'COMPOSE_ENCODING',
    `cannot read ${path}: byte ${at - lineStart + 1} of line ${line} is ${byte}, which is not UTF-8`,
    { hint: 'save it as UTF-8' },
  );
}

/** Where the first character begins that is none. */
function firstBadByte(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length > 1 && !isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

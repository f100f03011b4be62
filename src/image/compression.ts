/** Archives come plain or compressed as Docker takes them; what they are is read from their first bytes, never from a name or media type. */
import { pipeline, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { HostError, TscomposeError } from '../errors.ts';
import { spawnByNode, startError } from '../host/processes.ts';
import { chunkBytes } from '../host/tree-files.ts';
import { corrupt } from './tar/entry.ts';

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bzip2';

const magics: readonly { readonly compression: Compression; readonly bytes: Buffer }[] = [
  { compression: 'gzip', bytes: Buffer.from([0x1f, 0x8b]) },
  { compression: 'zstd', bytes: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { compression: 'xz', bytes: Buffer.from('\xfd7zXZ\0', 'latin1') },
  // The level, then the digits of pi: a plain archive's first name may well begin like the shorter magic.
  ...Array.from('123456789', (level) => ({
    compression: 'bzip2' as const,
    bytes: Buffer.from(`BZh${level}1AY&SY`),
  })),
];

/** As many bytes as the longest magic. */
export const magicBytes = 10;

export function compressionOf(start: Uint8Array): Compression {
  return magics.find(({ bytes }) => bytes.equals(start.subarray(0, bytes.length)))?.compression ?? 'none';
}

/**
 * The plain bytes of an archive.
 * @throws TscomposeError `IMAGE_CORRUPT` while reading, `IMAGE_DECODER_MISSING`
 */
export async function* decompressed(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  const start = await firstBytes(chunks);
  yield* decoders[compressionOf(start)](rejoined(start, chunks));
}

const decoders: Readonly<Record<Compression, (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>>> = {
  none: (source) => source,
  gzip: (source) => through(source, zlib.createGunzip({ chunkSize: chunkBytes })),
  zstd: (source) =>
    zstdOfNode === undefined ? throughProgram(source, 'zstd') : through(source, zstdOfNode()),
  xz: (source) => throughProgram(source, 'xz'),
  bzip2: (source) => throughProgram(source, 'bzip2'),
};

/** Node 22.15 and later have zstd themselves. */
const zstdOfNode = (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress;

async function* through(source: AsyncIterable<Buffer>, decoder: zlib.Gunzip): AsyncGenerator<Buffer> {
  // The error of either end comes out of the decoder.
  pipeline(Readable.from(source, { objectMode: false, highWaterMark: chunkBytes }), decoder, () => undefined);
  try {
    yield* decoder;
  } catch (error) {
    throw isDecoderError(error) ? corrupt(`the compressed data is damaged: ${error.message}`, error) : error;
  }
}

/** zlib's own errors have codes such as `Z_DATA_ERROR` and `ZSTD_error_…`. */
function isDecoderError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z(STD)?_/.test(String(error.code));
}

/** All of them know these options. */
async function* throughProgram(
  source: AsyncIterable<Buffer>,
  program: 'zstd' | 'xz' | 'bzip2',
): AsyncGenerator<Buffer> {
  const child = spawnByNode([program, '-d', '-c', '-q'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error(`${program} has no pipes`);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(startError([program], error)));
    child.on('close', (code) => resolve(code ?? 1));
  });
  ended.catch(() => undefined);
  let said = '';
  stderr.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-300);
  });
  let failure: unknown;
  pipeline(Readable.from(source, { objectMode: false }), stdin, (error) => {
    // A program that ends early closes its input; its own words say more than EPIPE.
    if (error && !['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '')) {
      failure = error;
      child.kill('SIGKILL');
    }
  });
  try {
    yield* stdout as AsyncIterable<Buffer>;
    const code = await ended.catch((error: unknown) => Promise.reject(missing(program, error)));
    if (failure !== undefined) throw failure;
    if (code !== 0) throw corrupt(`the compressed data is damaged: ${said.trim()}`);
  } finally {
    child.kill('SIGKILL');
    await finished(stdout).catch(() => undefined);
  }
}

function missing(program: string, error: unknown): unknown {
  if (!(error instanceof HostError && error.code === 'HOST_TOOL_MISSING')) return error;
  return new TscomposeError(
    'IMAGE_DECODER_MISSING',
    `the archive is compressed with ${program}, which is not on this machine`,
    { ...(error.hint === undefined ? {} : { hint: error.hint }), cause: error },
  );
}

async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < magicBytes) {
    const next = await chunks.next();
    if (next.done) break;
    start = start.length === 0 ? asBuffer(next.value) : Buffer.concat([start, next.value]);
  }
  return start;
}

async function* rejoined(start: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield asBuffer(next.value);
  } finally {
    await rest.return?.();
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

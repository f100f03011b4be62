/**
 * The content store: blobs by digest in an OCI image layout.
 * Goes in: streams, with or without a digest they must have. Comes out: files under `blobs/sha256`, each whole.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { TscomposeError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import { readFileStream, writeFileStream } from '../host/tree-files.ts';
import { type Compression, compressionOf, magicBytes } from './compression.ts';
import { digestFromHex, digestOf, hexOf } from './digests.ts';
import type { Digest } from './images.ts';
import { corrupt } from './tar/entry.ts';

export interface StoredBlob {
  readonly digest: Digest;
  readonly size: number;
  readonly compression: Compression;
}

export interface BlobStore {
  /** Makes the layout and removes what was being written. */
  open(): Promise<void>;
  path(digest: Digest): string;
  /** True when the blob is there and, where a size is given, of that size. */
  has(digest: Digest, size?: number): Promise<boolean>;
  /** Whether this process has seen the blob's content itself, while storing it. */
  isVerified(digest: Digest): boolean;
  /**
   * Stores what comes.
   * @throws TscomposeError `IMAGE_CORRUPT` when it is not what `expected` says; nothing is kept then
   */
  write(source: AsyncIterable<Uint8Array>, expected?: Expected, signal?: AbortSignal): Promise<StoredBlob>;
  writeBytes(bytes: Uint8Array): Promise<StoredBlob>;
  read(digest: Digest): Readable;
  /** @throws TscomposeError `IMAGE_CORRUPT` when the blob is missing, not what its digest says, or no JSON */
  readJson(digest: Digest): Promise<unknown>;
  delete(digest: Digest): Promise<void>;
  list(): Promise<Digest[]>;
}

export interface Expected {
  readonly digest: Digest;
  readonly size?: number;
}

export function createBlobStore(files: Files, root: string): BlobStore {
  const directory = join(root, 'blobs', 'sha256');
  const incoming = join(root, '.incoming');
  const path = (digest: Digest): string => join(directory, hexOf(digest));
  const verified = new Set<Digest>();
  let writes = 0;

  const size = async (digest: Digest): Promise<number | undefined> => (await files.stat(path(digest)))?.size;

  const write: BlobStore['write'] = async (source, expected, signal) => {
    const temporary = join(incoming, `${process.pid}-${++writes}`);
    const meter = measure(source, expected);
    await writeFileStream(temporary, meter.chunks, signal);
    const blob = meter.total();
    if (expected !== undefined && blob.digest !== expected.digest) {
      await files.remove(temporary);
      throw corrupt(`the content of ${expected.digest} is that of ${blob.digest}`);
    }
    await files.rename(temporary, path(blob.digest));
    verified.add(blob.digest);
    return blob;
  };

  return {
    open: async () => {
      await files.remove(incoming);
      await files.makeDirectory(incoming, 0o700);
      await files.makeDirectory(directory);
      const marker = join(root, 'oci-layout');
      if ((await files.stat(marker)) === undefined)
        await files.writeAtomic(marker, '{"imageLayoutVersion":"1.0.0"}');
    },
    path,
    isVerified: (digest) => verified.has(digest),
    has: async (digest, expectedSize) => {
      const found = await size(digest);
      return found !== undefined && (expectedSize === undefined || expectedSize === found);
    },
    write,
    writeBytes: (bytes) => write(once(bytes)),
    read: (digest) => readFileStream(path(digest)),
    readJson: async (digest) => {
      const bytes = await files.readBytes(path(digest));
      if (bytes === undefined) throw damaged(`the image store has no ${digest}`);
      if (digestOf(bytes) !== digest) throw damaged(`${digest} is damaged in the image store`);
      return parseJson(bytes, digest);
    },
    delete: async (digest) => {
      verified.delete(digest);
      await files.remove(path(digest));
    },
    list: async () =>
      (await files.list(directory))
        .filter((entry) => /^[0-9a-f]{64}$/.test(entry.name))
        .map((entry) => digestFromHex(entry.name)),
  };
}

/** The same store, noting what is written through it, so that it can be taken back. */
export function notingBlobs(blobs: BlobStore, written: Set<Digest>): BlobStore {
  const noted = async (work: Promise<StoredBlob>): Promise<StoredBlob> => {
    const blob = await work;
    written.add(blob.digest);
    return blob;
  };
  return {
    ...blobs,
    write: (source, expected, signal) => noted(blobs.write(source, expected, signal)),
    writeBytes: (bytes) => noted(blobs.writeBytes(bytes)),
  };
}

/** @throws TscomposeError `IMAGE_CORRUPT` */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw corrupt(`${what} is no JSON`, error);
  }
}

/** @throws TscomposeError `IMAGE_CORRUPT` */
export function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  const value = parseJson(bytes, what);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw corrupt(`${what} is no JSON object`);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Passes chunks on and knows their digest in the end; stops a source that sends more than it promised. */
function measure(
  source: AsyncIterable<Uint8Array>,
  expected: Expected | undefined,
): { readonly chunks: AsyncIterable<Uint8Array>; total(): StoredBlob } {
  const hash = createHash('sha256');
  let size = 0;
  let start: Uint8Array = Buffer.alloc(0);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      size += chunk.length;
      if (expected?.size !== undefined && size > expected.size)
        throw corrupt(`${expected.digest} is larger than the ${expected.size} bytes it should have`);
      hash.update(chunk);
      if (start.length < magicBytes) start = Buffer.concat([start, chunk.subarray(0, magicBytes)]);
      yield chunk;
    }
  }
  return {
    chunks: chunks(),
    total: () => ({ digest: digestFromHex(hash.digest('hex')), size, compression: compressionOf(start) }),
  };
}

function damaged(message: string): TscomposeError {
  return new TscomposeError('IMAGE_CORRUPT', message, { hint: 'remove the image and pull or load it again' });
}

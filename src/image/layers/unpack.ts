/** One pass over a layer's blob: both digests, decompression, parsing, files. */
import { createHash, type Hash } from 'node:crypto';
import { readFileStream } from '../../host/tree-files.ts';
import { decompressed } from '../compression.ts';
import { hexOf } from '../digests.ts';
import type { Digest } from '../images.ts';
import { corrupt } from '../tar/entry.ts';
import { createTarReader } from '../tar/reader.ts';
import { createLayerWriter, type LayerSummary } from './apply.ts';
import { createDress } from './dress.ts';

export interface UnpackJob {
  readonly blob: string;
  readonly digest: Digest;
  readonly diffId: Digest;
  /** An existing, empty directory. */
  readonly target: string;
  readonly ownsAll: boolean;
  /** The blob's own digest was checked when it was stored, by this process. */
  readonly isVerified: boolean;
}

/**
 * Fills `target` from the blob. After an error the caller removes `target`.
 * @throws TscomposeError `IMAGE_CORRUPT` when a digest or the archive is wrong, `IMAGE_UNSUPPORTED`, HostError
 */
export async function unpackLayer(job: UnpackJob, signal?: AbortSignal): Promise<LayerSummary> {
  const source = readFileStream(job.blob);
  const reader = createTarReader();
  const writer = createLayerWriter(job.target, createDress(job));
  const { isVerified, digest, diffId } = job;
  const stored = isVerified ? undefined : createHash('sha256');
  // An uncompressed layer is its own diff, and is not hashed twice.
  const unpacked = digest === diffId ? undefined : createHash('sha256');
  try {
    for await (const chunk of decompressed(hashed(source, stored))) {
      signal?.throwIfAborted();
      unpacked?.update(chunk);
      for (const event of reader.feed(chunk)) writer.write(event);
    }
    reader.finish();
  } catch (error) {
    writer.abandon();
    source.destroy();
    throw error;
  }
  expect(stored, digest, 'stored layer');
  expect(unpacked, diffId, 'layer');
  return writer.finish();
}

async function* hashed(source: AsyncIterable<Buffer>, hash: Hash | undefined): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash?.update(chunk);
    yield chunk;
  }
}

function expect(hash: Hash | undefined, digest: Digest, what: string): void {
  const found = hash?.digest('hex') ?? hexOf(digest);
  if (found !== hexOf(digest)) throw corrupt(`the ${what} ${digest} has the content of sha256:${found}`);
}

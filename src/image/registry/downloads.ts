/** Blobs on their way here: each once, a few at a time, patiently, verified as they come. */
import type { Clock } from '../../host/clock.ts';
import type { BlobStore } from '../blobs.ts';
import type { Digest } from '../images.ts';
import type { Descriptor } from '../media.ts';
import type { Reference } from '../references.ts';
import { createLimit, createShared } from '../shared.ts';
import { PassingFailure, type RegistryClient } from './client.ts';

export type OnBytes = (currentBytes: number, totalBytes: number) => void;

export interface Downloads {
  /** Makes sure the blob is stored. Whoever asks for one that is already coming waits for that. */
  fetch(
    reference: Reference,
    blob: Descriptor,
    options: { readonly signal?: AbortSignal; readonly onBytes?: OnBytes },
  ): Promise<void>;
}

/** As Docker does: enough to fill a line, few enough for each to be finished soon. */
const atOnce = 4;
/** Between attempts, so that there are five. */
const pausesMs = [1000, 2000, 4000, 8000];
/** Who is told to come back later than this hears of it instead of waiting. */
const longestWaitMs = 60_000;
/** How often someone hears of progress. */
const tellEveryMs = 100;

export function createDownloads(clock: Clock, client: RegistryClient, blobs: BlobStore): Downloads {
  const coming = createShared<Digest, void>();
  const listeners = new Map<Digest, Set<OnBytes>>();
  const limited = createLimit(atOnce);

  const download = async (reference: Reference, blob: Descriptor, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    await blobs.write(counted(patiently(reference, blob, signal), blob), blob, signal);
  };

  /** Goes on where it was broken off; the digest is taken over the whole. */
  async function* patiently(
    reference: Reference,
    { digest }: Descriptor,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let from = 0;
    for (const pauseMs of [...pausesMs, undefined]) {
      try {
        for await (const chunk of await client.blob(reference, digest, { from, signal })) {
          from += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (!(error instanceof PassingFailure) || pauseMs === undefined) throw error;
        const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
        if (waitMs > longestWaitMs) throw error;
        await clock.sleep(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  }

  async function* counted(
    source: AsyncIterable<Buffer>,
    { digest, size }: Descriptor,
  ): AsyncGenerator<Buffer> {
    let current = 0;
    let toldAt = Number.NEGATIVE_INFINITY;
    for await (const chunk of source) {
      current += chunk.length;
      const now = clock.monotonic();
      if (now - toldAt >= tellEveryMs || current === size) {
        toldAt = now;
        for (const tell of listeners.get(digest) ?? []) tell(current, size);
      }
      yield chunk;
    }
  }

  return {
    fetch: async (reference, blob, { signal, onBytes }) => {
      if (await blobs.has(blob.digest, blob.size)) return;
      const heard = listeners.get(blob.digest) ?? new Set();
      listeners.set(blob.digest, heard);
      if (onBytes !== undefined) heard.add(onBytes);
      try {
        await coming.join(blob.digest, signal, (shared) => limited(() => download(reference, blob, shared)));
      } finally {
        if (onBytes !== undefined) heard.delete(onBytes);
        if (heard.size === 0 && listeners.get(blob.digest) === heard) listeners.delete(blob.digest);
      }
    },
  };
}

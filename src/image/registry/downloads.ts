/** Blobs on their way here: each once, a few at a time, verified as they come. */
import type { Clock } from '../../host/clock.ts';
import type { BlobStore } from '../blobs.ts';
import type { Digest } from '../images.ts';
import type { Descriptor } from '../media.ts';
import type { Reference } from '../references.ts';
import { createLimit, createShared } from '../shared.ts';
import type { RegistryClient } from './client.ts';

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
/** How often someone hears of progress. */
const tellEveryMs = 100;

export function createDownloads(clock: Clock, client: RegistryClient, blobs: BlobStore): Downloads {
  const coming = createShared<Digest, void>();
  const listeners = new Map<Digest, Set<OnBytes>>();
  const limited = createLimit(atOnce);

  const download = async (reference: Reference, blob: Descriptor, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const source = await client.blob(reference, blob.digest, signal);
    await blobs.write(counted(source, blob), blob, signal);
  };

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

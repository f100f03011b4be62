/**
 * Deletes what no image needs any more, and never what somebody is just about to need:
 * whoever adds to the store holds off sweeping, and a sweep holds off whoever wants to add.
 */
import type { BlobStore } from './blobs.ts';
import type { CatalogEntry } from './catalog.ts';
import { chainIds } from './digests.ts';
import type { Digest } from './images.ts';
import type { LayerStack } from './layers/stack.ts';
import type { Manifest } from './media.ts';

/** Digests of blobs and chain ids of layers. */
export interface Belongings {
  readonly blobs: ReadonlySet<Digest>;
  readonly layers: ReadonlySet<Digest>;
}

export interface Sweeper {
  /** Work during which nothing is deleted. */
  adding<T>(work: () => Promise<T>): Promise<T>;
  /** Deletes those of the candidates that no image needs: at once, or, while somebody adds, after that. */
  sweep(candidates: Belongings): Promise<void>;
}

export function createSweeper(
  needed: () => Promise<Belongings>,
  blobs: BlobStore,
  layers: LayerStack,
): Sweeper {
  const waiting: Belongings[] = [];
  let adders = 0;
  let sweeping: Promise<void> | undefined;

  const clean = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const kept = await needed();
      for (const chainId of next.layers) if (!kept.layers.has(chainId)) await layers.delete(chainId);
      for (const digest of next.blobs) if (!kept.blobs.has(digest)) await blobs.delete(digest);
    }
  };

  const start = (): Promise<void> => {
    sweeping ??= clean().finally(() => {
      sweeping = undefined;
    });
    return sweeping;
  };

  return {
    adding: async (work) => {
      while (sweeping !== undefined) await sweeping.catch(() => undefined);
      adders++;
      try {
        return await work();
      } finally {
        adders--;
        // Nobody waits for this sweep; what it cannot delete is found again when the store is next opened.
        if (adders === 0 && waiting.length > 0) start().catch(() => undefined);
      }
    },
    sweep: async (candidates) => {
      waiting.push(candidates);
      if (adders === 0) await start();
    },
  };
}

/** What an image consists of. */
export function belongingsOf(
  images: readonly {
    readonly entry: CatalogEntry;
    readonly manifest: Manifest;
    readonly diffIds: readonly Digest[];
  }[],
): Belongings {
  return {
    blobs: new Set(
      images.flatMap(({ entry, manifest }) => [
        entry.descriptor.digest,
        manifest.config.digest,
        ...manifest.layers.map(({ digest }) => digest),
      ]),
    ),
    layers: new Set(images.flatMap(({ diffIds }) => chainIds(diffIds))),
  };
}

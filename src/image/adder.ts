/** The last step of every way into the store: blobs are there, an image is to become of them. */
import type { BlobStore } from './blobs.ts';
import { type Catalog, withImage } from './catalog.ts';
import { parseImageConfig } from './config.ts';
import { chainIds } from './digests.ts';
import type { Digest, ImageRecord } from './images.ts';
import type { LayerSource, LayerStack } from './layers/stack.ts';
import { type Library, layerSources } from './library.ts';
import type { Descriptor, Manifest } from './media.ts';
import { type FullReference, familiarName, parseReference } from './references.ts';
import type { Sweeper } from './sweep.ts';

/** What of an image is new to the store. */
export interface Addition {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly names: readonly FullReference[];
  readonly source?: FullReference;
  readonly pulledAt?: number;
}

/** What an operation has put into the store so far. */
export interface Touched {
  readonly blobs: Set<Digest>;
  readonly layers: Set<Digest>;
}

export interface Adder {
  /** Unpacks the layers, then enters the image into the catalogue: what is listed can be run. */
  add(
    addition: Addition,
    options?: { readonly signal?: AbortSignal; readonly onUnpacked?: (layer: LayerSource) => void },
  ): Promise<ImageRecord>;
  /**
   * Adds what comes out of an archive; answers with the names it has there. What ends up in no image goes again, also
   * after an error.
   */
  addFrom(store: (touched: Touched) => Promise<readonly Addition[]>): Promise<readonly ImageRecord[]>;
}

export function createAdder(parts: {
  readonly blobs: BlobStore;
  readonly catalog: Catalog;
  readonly layers: LayerStack;
  readonly library: Library;
  readonly sweeper: Sweeper;
}): Adder {
  const { blobs, catalog, layers, library, sweeper } = parts;

  const add: Adder['add'] = async ({ manifest, ...named }, options = {}) => {
    const image = manifest.config.digest;
    const config = parseImageConfig(await blobs.readJson(image));
    await layers.ensure(layerSources(manifest, config), options);
    const entries = await catalog.change(async (before) => {
      const after = withImage(before, { ...named, image });
      return { entries: after, result: after };
    });
    return library.record(await library.image(entries.filter((one) => one.image === image)));
  };

  const layersOf = async ({ manifest }: Addition): Promise<readonly Digest[]> =>
    chainIds(parseImageConfig(await blobs.readJson(manifest.config.digest)).diffIds);

  return {
    add,
    addFrom: async (store) => {
      const touched: Touched = { blobs: new Set(), layers: new Set() };
      try {
        return await sweeper.adding(async () => {
          const additions = await store(touched);
          const records: ImageRecord[] = [];
          for (const addition of additions) {
            for (const chainId of await layersOf(addition)) touched.layers.add(chainId);
            const references = addition.names.map((name) => familiarName(parseReference(name)));
            records.push({ ...(await add(addition)), references });
          }
          return records;
        });
      } finally {
        await sweeper.sweep(touched);
      }
    },
  };
}

/**
 * The images there are: the catalogue's entries together with what their manifests and configurations say.
 * Goes in: entries. Comes out: records. Manifests never change, so each is read once.
 */
import { TscomposeError } from '../errors.ts';
import type { BlobStore } from './blobs.ts';
import type { Catalog, CatalogEntry } from './catalog.ts';
import { parseImageConfig } from './config.ts';
import { chainIds } from './digests.ts';
import type { Digest, ImageConfig, ImageRecord } from './images.ts';
import { instant } from './inspect.ts';
import type { LayerSource, LayerStack } from './layers/stack.ts';
import { type Manifest, parseManifest } from './media.ts';
import { familiarName, parseReference } from './references.ts';
import { corrupt } from './tar/entry.ts';

/** One image, with all the names it has. */
export interface Image {
  readonly id: Digest;
  /** At least one. */
  readonly entries: readonly CatalogEntry[];
  readonly manifest: Manifest;
  readonly config: ImageConfig;
}

export interface Library {
  images(): Promise<readonly Image[]>;
  /** The image behind some entries, all of the same id. */
  image(entries: readonly CatalogEntry[]): Promise<Image>;
  record(image: Image): Promise<ImageRecord>;
  /** Whether manifest and configuration can be read: a power loss may have come before they were on disk. */
  isReadable(entry: CatalogEntry): Promise<boolean>;
}

export function createLibrary(catalog: Catalog, blobs: BlobStore, layers: LayerStack): Library {
  const manifests = new Map<Digest, Manifest>();
  const configs = new Map<Digest, ImageConfig>();

  const manifestOf = async (digest: Digest): Promise<Manifest> => {
    const known = manifests.get(digest);
    if (known !== undefined) return known;
    const manifest = parseManifest(await blobs.readJson(digest));
    manifests.set(digest, manifest);
    return manifest;
  };

  const configOf = async (digest: Digest): Promise<ImageConfig> => {
    const known = configs.get(digest);
    if (known !== undefined) return known;
    const config = parseImageConfig(await blobs.readJson(digest));
    configs.set(digest, config);
    return config;
  };

  const image = async (entries: readonly CatalogEntry[]): Promise<Image> => {
    const { image: id, descriptor } = entries[0] as CatalogEntry;
    return {
      id,
      entries,
      manifest: await manifestOf(descriptor.digest),
      config: await configOf(id),
    };
  };

  return {
    image,
    isReadable: async (entry) => {
      try {
        await image([entry]);
        return true;
      } catch (error) {
        if (error instanceof TscomposeError && error.code === 'IMAGE_CORRUPT') return false;
        throw error;
      }
    },
    images: async () => Promise.all(groupById(await catalog.entries()).map(image)),
    record: async ({ id, entries, config }) => {
      const records = await Promise.all(chainIds(config.diffIds).map(layers.get));
      const layerSizes = records.map((record) => record?.sizeBytes ?? 0);
      return {
        id,
        references: names(entries.map(({ name }) => name)),
        repoDigests: names(entries.map(({ source }) => source)),
        manifest: (entries[0] as CatalogEntry).descriptor.digest,
        createdAt: instant(config.created ?? ''),
        sizeBytes: layerSizes.reduce((sum, size) => sum + size, 0),
        layerSizes,
        config,
      };
    },
  };
}

/** What to unpack for an image. @throws TscomposeError `IMAGE_CORRUPT` when manifest and configuration disagree */
export function layerSources(manifest: Manifest, { diffIds }: ImageConfig): readonly LayerSource[] {
  if (manifest.layers.length !== diffIds.length)
    throw corrupt(
      `the image has ${manifest.layers.length} layers where its configuration says ${diffIds.length}`,
    );
  return manifest.layers.map(({ digest }, index) => ({ digest, diffId: diffIds[index] as Digest }));
}

export function groupById(entries: readonly CatalogEntry[]): readonly CatalogEntry[][] {
  const groups = new Map<Digest, CatalogEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.image);
    if (group === undefined) groups.set(entry.image, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** Familiar names, each once. */
function names(full: readonly (string | undefined)[]): readonly string[] {
  const given = full.filter((name) => name !== undefined);
  return [...new Set(given)].map((name) => familiarName(parseReference(name)));
}

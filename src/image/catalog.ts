/**
 * `index.json` of the OCI layout: which manifests there are and what they are called.
 * One entry a name; an image without a name has one entry that carries none. Written whole, one change at a time.
 */
import { join } from 'node:path';
import type { Files } from '../host/files.ts';
import { parseObject } from './blobs.ts';
import type { Digest } from './images.ts';
import { type Descriptor, media, parseIndex } from './media.ts';
import type { FullReference } from './references.ts';
import { createMutex } from './shared.ts';

export interface CatalogEntry {
  readonly descriptor: Descriptor;
  /** Configuration's digest, so that names can be looked up without opening manifests. */
  readonly image: Digest;
  /** Full name. */
  readonly name?: FullReference;
  /** `docker.io/library/nginx@sha256:…`: what it was pulled as. */
  readonly source?: FullReference;
  /** When it was last pulled under that name. */
  readonly pulledAt?: number;
}

export interface Catalog {
  entries(): Promise<readonly CatalogEntry[]>;
  /** Replaces the entries by what `change` makes of them; changes wait for each other. */
  change<T>(
    change: (entries: readonly CatalogEntry[]) => Promise<{ entries: readonly CatalogEntry[]; result: T }>,
  ): Promise<T>;
}

/** Annotations of an entry. The first is OCI's. */
const keys = {
  name: 'org.opencontainers.image.ref.name',
  image: 'tscompose.image.id',
  source: 'tscompose.image.source',
  pulledAt: 'tscompose.image.pulled',
} as const;

export function createCatalog(files: Files, root: string): Catalog {
  const path = join(root, 'index.json');
  const inTurn = createMutex();

  /** What the file holds; nobody else writes it while we are here. */
  let current: readonly Descriptor[] | undefined;

  const read = async (): Promise<readonly Descriptor[]> => {
    if (current !== undefined) return current;
    const bytes = await files.readBytes(path);
    current = bytes === undefined ? [] : parseIndex(parseObject(bytes, path));
    return current;
  };

  return {
    entries: async () => (await read()).flatMap(entryOf),
    change: (change) =>
      inTurn(async () => {
        const descriptors = await read();
        const before = descriptors.flatMap(entryOf);
        const { entries: after, result } = await change(before);
        if (after === before) return result;
        const foreign = descriptors.filter((descriptor) => entryOf(descriptor).length === 0);
        const manifests = [...foreign, ...after.map(descriptorOf)];
        const index = { schemaVersion: 2, mediaType: media.ociIndex, manifests };
        await files.writeAtomic(path, `${JSON.stringify(index, null, 2)}\n`);
        current = manifests;
        return result;
      }),
  };
}

/** Entries that other tools have added carry no image id of ours; they are kept as they are. */
function entryOf(descriptor: Descriptor): CatalogEntry[] {
  const { name, image, source, pulledAt } = keys;
  const annotations = descriptor.annotations ?? {};
  const id = annotations[image];
  if (id === undefined) return [];
  return [
    {
      descriptor,
      image: id as Digest,
      ...(annotations[name] === undefined ? {} : { name: annotations[name] as FullReference }),
      ...(annotations[source] === undefined ? {} : { source: annotations[source] as FullReference }),
      ...(annotations[pulledAt] === undefined ? {} : { pulledAt: Date.parse(annotations[pulledAt]) }),
    },
  ];
}

function descriptorOf({ descriptor, image, name, source, pulledAt }: CatalogEntry): Descriptor {
  return {
    ...descriptor,
    annotations: {
      ...(name === undefined ? {} : { [keys.name]: name }),
      [keys.image]: image,
      ...(source === undefined ? {} : { [keys.source]: source }),
      ...(pulledAt === undefined ? {} : { [keys.pulledAt]: new Date(pulledAt).toISOString() }),
    },
  };
}

/** What an entry is filed under: two entries of one key cannot stand side by side. */
export interface NewEntry {
  readonly descriptor: Descriptor;
  readonly image: Digest;
  readonly names: readonly FullReference[];
  readonly source?: FullReference;
  readonly pulledAt?: number;
}

/** The entries with one image more; its names move away from what had them, which stays as a nameless image. */
export function withImage(entries: readonly CatalogEntry[], added: NewEntry): readonly CatalogEntry[] {
  const { names, ...bare } = added;
  const named = names.map((name): CatalogEntry => ({ ...bare, name }));
  const kept = entries.map((entry): CatalogEntry => {
    if (entry.name === undefined || !names.includes(entry.name)) return entry;
    const { name: _, pulledAt: __, ...nameless } = entry;
    return nameless;
  });
  return withoutDoubles([...kept, ...(named.length === 0 ? [bare] : named)]);
}

/** A nameless entry is superfluous beside another of the same image that knows the same source. */
function withoutDoubles(entries: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const lastOf = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const unique = [...lastOf.values()];
  return unique.filter(
    (entry) =>
      entry.name !== undefined ||
      !unique.some(
        (other) =>
          other !== entry &&
          other.image === entry.image &&
          (entry.source === undefined || other.source === entry.source),
      ),
  );
}

function keyOf({ name, source, image }: CatalogEntry): string {
  return name ?? `${image} ${source ?? ''}`;
}

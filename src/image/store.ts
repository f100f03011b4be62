/** The image store: the parts of this folder put together behind `ImageStore`. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { TscomposeError } from '../errors.ts';
import type { Directories } from '../host/directories.ts';
import type { Host } from '../host/host.ts';
import { builtWorker } from '../host/workers.ts';
import { createAdder } from './adder.ts';
import { readArchive } from './archive/load.ts';
import { storeMembers } from './archive/members.ts';
import { type SavedImage, writeArchive } from './archive/save.ts';
import { createBlobStore, notingBlobs } from './blobs.ts';
import { type CatalogEntry, createCatalog, withImage } from './catalog.ts';
import { findEntry } from './find.ts';
import type { ImageProgress, ImageRecord, ImageStore } from './images.ts';
import { importRootfs } from './import.ts';
import { createLayerStack } from './layers/stack.ts';
import { createUnpacker } from './layers/unpacker.ts';
import { createLibrary, groupById, type Image, layerSources } from './library.ts';
import { parsePlatform, platformOfMachine } from './platforms.ts';
import { type FullReference, fullName, parseReference, repositoryOf, withDefaultTag } from './references.ts';
import { createAuthorizer } from './registry/authorizer.ts';
import { createRegistryClient } from './registry/client.ts';
import { dockerCredentials } from './registry/credentials.ts';
import { createDownloads } from './registry/downloads.ts';
import { pullBlobs } from './registry/pull.ts';
import { createTransport, type TransportSettings } from './registry/transport.ts';
import { planRemoval } from './remove.ts';
import { type Belongings, belongingsOf, createSweeper } from './sweep.ts';

export interface ImageSettings {
  /** Holds Docker's `config.json` with registry logins. */
  readonly dockerConfigDirectory?: string;
  /** What credential helpers see. */
  readonly helperEnvironment?: Readonly<Record<string, string>>;
  readonly transport?: TransportSettings;
  /** The built thread that unpacks layers; without it they are unpacked on the spot. */
  readonly layerWorker?: string;
}

/** Logins where Docker keeps them, the way out as other programs find it, threads where the build has put them. */
export function imageSettings(environment: Readonly<Record<string, string | undefined>>): ImageSettings {
  const { DOCKER_CONFIG, HOME, TSCOMPOSE_EXTRA_CA_CERTS: extraAuthorities } = environment;
  const proxy = environment.HTTPS_PROXY ?? environment.https_proxy;
  const noProxy = environment.NO_PROXY ?? environment.no_proxy;
  const directory = DOCKER_CONFIG ?? (HOME === undefined ? undefined : join(HOME, '.docker'));
  const worker = builtWorker('layer-worker');
  return {
    ...(directory === undefined ? {} : { dockerConfigDirectory: directory }),
    helperEnvironment: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    transport: {
      ...(proxy === undefined ? {} : { proxy }),
      ...(noProxy === undefined ? {} : { noProxy }),
      ...(extraAuthorities === undefined ? {} : { extraAuthorities }),
    },
    ...(worker === undefined ? {} : { layerWorker: worker }),
  };
}

/** Blobs that nothing refers to are kept this long: an interrupted pull goes on from them. */
const keepLooseMs = 24 * 3600 * 1000;

export function createImageStore(
  host: Host,
  dirs: Directories,
  settings: ImageSettings = imageSettings(process.env),
): ImageStore {
  const root = join(dirs.data, 'images');
  const blobs = createBlobStore(host.files, root);
  const catalog = createCatalog(host.files, root);
  const layers = createLayerStack(host, dirs.data, blobs, createUnpacker(host.files, settings.layerWorker));
  const library = createLibrary(catalog, blobs, layers);
  const send = createTransport(host.files, settings.transport ?? {});
  const credentials = dockerCredentials(host, {
    directory: settings.dockerConfigDirectory,
    environment: settings.helperEnvironment,
  });
  const client = createRegistryClient(host.clock, createAuthorizer(host.clock, credentials, send), send);
  const downloads = createDownloads(host.clock, client, blobs);

  const belongings = (images: readonly Image[]): Belongings =>
    belongingsOf(
      images.flatMap(({ entries, manifest, config }) =>
        entries.map((entry) => ({ entry, manifest, diffIds: config.diffIds })),
      ),
    );
  const sweeper = createSweeper(async () => belongings(await library.images()), blobs, layers);

  const find = async (text: string): Promise<{ image: Image; named?: CatalogEntry } | undefined> => {
    const entries = await catalog.entries();
    const found = findEntry(entries, text);
    if (found === undefined) return undefined;
    const image = await library.image(entries.filter((entry) => entry.image === found.image));
    return { image, ...(found.named === undefined ? {} : { named: found.named }) };
  };

  const need = async (text: string): Promise<{ image: Image; named?: CatalogEntry }> => {
    const found = await find(text);
    if (found === undefined) throw notFound(text);
    return found;
  };

  const adder = createAdder({ blobs, catalog, layers, library, sweeper });

  return {
    open: async () => {
      await blobs.open();
      await layers.open();
      await catalog.change(async (entries) => {
        const readable = await Promise.all(entries.map(library.isReadable));
        if (readable.every(Boolean)) return { entries, result: undefined };
        return { entries: entries.filter((_, index) => readable[index]), result: undefined };
      });
      const needed = belongings(await library.images());
      const loose = (await blobs.list()).filter((digest) => !needed.blobs.has(digest));
      const ages = await Promise.all(loose.map((digest) => host.files.stat(blobs.path(digest))));
      const old = loose.filter((_, index) => (ages[index]?.mtimeMs ?? 0) < host.clock.now() - keepLooseMs);
      await sweeper.sweep({ blobs: new Set(old), layers: new Set(await layers.list()) });
    },
    find: async (text) => {
      const found = await find(text);
      if (found === undefined) return undefined;
      const pulledAt = found.named?.pulledAt;
      return { ...(await library.record(found.image)), ...(pulledAt === undefined ? {} : { pulledAt }) };
    },
    list: async () => Promise.all((await library.images()).map(library.record)),
    pull: (text, { platform: wanted, signal, onProgress }) =>
      sweeper.adding(async () => {
        const reference = withDefaultTag(parseReference(text));
        const platform = wanted === undefined ? platformOfMachine() : parsePlatform(wanted);
        const tell = (progress: Omit<ImageProgress, 'reference'>): void =>
          onProgress?.({ reference: text, ...progress });
        const pulled = await pullBlobs(client, downloads, blobs, {
          reference,
          platform,
          onProgress: tell,
          ...(signal === undefined ? {} : { signal }),
        });
        tell({ phase: 'unpacking' });
        const addition = {
          descriptor: pulled.descriptor,
          manifest: pulled.manifest,
          // Pulled by digest it gets no name: a tag beside the digest only said which one was meant.
          names: reference.digest === undefined ? [fullName(reference)] : [],
          source: `${repositoryOf(reference)}@${pulled.resolved}` as FullReference,
          pulledAt: host.clock.now(),
        };
        const record = await adder.add(addition, {
          onUnpacked: ({ digest }) => tell({ phase: 'unpacking', layer: digest }),
          ...(signal === undefined ? {} : { signal }),
        });
        tell({ phase: 'done' });
        return record;
      }),
    resolve: async (text, signal) => {
      const reference = withDefaultTag(parseReference(text));
      const digest = reference.digest ?? (await client.manifest(reference, undefined, signal)).digest;
      return fullName({ ...reference, digest });
    },
    load: (archive) =>
      adder.addFrom(async (touched) => {
        const store = notingBlobs(blobs, touched.blobs);
        return readArchive(await storeMembers(chunksOf(archive), store), store, platformOfMachine());
      }),
    import: async (archive, { reference, changes = [], message }) => {
      const names = reference === undefined ? [] : [fullName(withDefaultTag(parseReference(reference)))];
      const [record] = await adder.addFrom(async (touched) => {
        const imported = await importRootfs(chunksOf(archive), notingBlobs(blobs, touched.blobs), {
          changes,
          platform: platformOfMachine(),
          now: host.clock.now(),
          ...(message === undefined ? {} : { message }),
        });
        return [{ ...imported, names }];
      });
      return record as ImageRecord;
    },
    save: async (references) => {
      const found = await Promise.all(references.map(need));
      return Readable.from(writeArchive(savedImages(found), blobs), { objectMode: false });
    },
    tag: async (source, target) => {
      const { image } = await need(source);
      const reference = withDefaultTag(parseReference(target));
      if (reference.digest !== undefined)
        throw new TscomposeError(
          'IMAGE_REFERENCE_INVALID',
          `"${target}" cannot be a new name: it has a digest`,
        );
      const { descriptor, source: origin } = image.entries[0] as CatalogEntry;
      const sameRepository = origin?.startsWith(`${repositoryOf(reference)}@`) === true;
      await catalog.change(async (entries) => ({
        entries: withImage(entries, {
          descriptor,
          image: image.id,
          names: [fullName(reference)],
          ...(sameRepository ? { source: origin } : {}),
        }),
        result: undefined,
      }));
    },
    remove: async (text, { force = false, usedBy }) => {
      const { image } = await need(text);
      const removal = await catalog.change(async (entries) => {
        const found = findEntry(entries, text);
        if (found === undefined) throw notFound(text);
        const planned = planRemoval(entries, found, { force, usedBy });
        return { entries: planned.entries, result: planned };
      });
      const untagged = removal.untagged.map((name) => ({ untagged: name }));
      if (!removal.isDeleted) return untagged;
      const gone = belongings([image]);
      const kept = belongings(await library.images());
      await sweeper.sweep(gone);
      const deletedLayers = [...gone.layers].filter((chainId) => !kept.layers.has(chainId)).reverse();
      return [...untagged, ...[image.id, ...deletedLayers].map((deleted) => ({ deleted }))];
    },
    lowerDirectories: (id) =>
      sweeper.adding(async () => {
        const { image } = await need(id);
        return layers.lowerDirectories(await layers.ensure(layerSources(image.manifest, image.config), {}));
      }),
  };
}

/** One entry an image, with the tags that were asked for. */
function savedImages(
  found: readonly { readonly image: Image; readonly named?: CatalogEntry }[],
): readonly SavedImage[] {
  const wanted = groupById(found.map(({ image, named }) => named ?? (image.entries[0] as CatalogEntry)));
  return wanted.map((entries) => {
    const { image } = found.find((one) => one.image.id === entries[0]?.image) as { image: Image };
    const asked = found.flatMap(({ named }) => (named?.image === image.id && named.name ? [named.name] : []));
    const { descriptor } = image.entries[0] as CatalogEntry;
    const names = [...new Set(asked)]
      .map((name) => parseReference(name))
      .filter(({ tag }) => tag !== undefined);
    return { descriptor, manifest: image.manifest, names };
  });
}

/** What comes over a socket may come as text when somebody has set an encoding; bytes are wanted. */
async function* chunksOf(stream: NodeJS.ReadableStream): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function notFound(text: string): TscomposeError {
  return new TscomposeError('IMAGE_NOT_FOUND', `there is no image ${text}`, {
    hint: 'see what there is with: tscompose image ls',
  });
}

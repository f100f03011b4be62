/**
 * Image archives, written: one tar that is a docker-archive (`manifest.json`) and an OCI layout (`index.json`) at once,
 * so that old and new readers take it. What images share is written once; the same images give the same bytes.
 */
import type { BlobStore } from '../blobs.ts';
import type { Digest } from '../images.ts';
import { type Descriptor, type Manifest, media } from '../media.ts';
import { familiarName, familiarRepository, type Reference } from '../references.ts';
import { endOfArchive, formatEntry, tarEntry, tarPadding } from '../tar/writer.ts';
import { memberName } from './load.ts';

export interface SavedImage {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  /** With tags. */
  readonly names: readonly Reference[];
}

export async function* writeArchive(
  images: readonly SavedImage[],
  blobs: BlobStore,
): AsyncGenerator<Buffer, void, undefined> {
  for (const directory of ['blobs/', 'blobs/sha256/']) yield formatEntry(tarEntry('directory', directory));
  for (const { digest, size } of distinctBlobs(images)) {
    yield formatEntry(tarEntry('file', memberName(digest), { size }));
    yield* blobs.read(digest) as AsyncIterable<Buffer>;
    yield tarPadding(size);
  }
  yield* textMember('index.json', JSON.stringify(ociIndex(images)));
  yield* textMember('manifest.json', JSON.stringify(images.map(dockerEntry)));
  yield* textMember('oci-layout', '{"imageLayoutVersion":"1.0.0"}');
  yield* textMember('repositories', JSON.stringify(repositories(images)));
  yield endOfArchive;
}

function distinctBlobs(images: readonly SavedImage[]): Iterable<Descriptor> {
  const all = images.flatMap(({ descriptor, manifest }) => [...manifest.layers, manifest.config, descriptor]);
  return new Map(all.map((blob) => [blob.digest, blob])).values();
}

function* textMember(name: string, text: string): Generator<Buffer> {
  const bytes = Buffer.from(text, 'utf8');
  yield formatEntry(tarEntry('file', name, { size: bytes.length }));
  yield bytes;
  yield tarPadding(bytes.length);
}

function ociIndex(images: readonly SavedImage[]): object {
  const manifests = images.flatMap(({ descriptor, names }) => {
    const { mediaType, digest, size, platform } = descriptor;
    const bare = { mediaType, digest, size, ...(platform === undefined ? {} : { platform }) };
    if (names.length === 0) return [bare];
    return names.map((name) => ({
      ...bare,
      annotations: {
        'io.containerd.image.name': `${name.domain}/${name.path}:${name.tag}`,
        'org.opencontainers.image.ref.name': name.tag,
      },
    }));
  });
  return { schemaVersion: 2, mediaType: media.ociIndex, manifests };
}

function dockerEntry({ manifest, names }: SavedImage): object {
  return {
    Config: memberName(manifest.config.digest),
    RepoTags: names.map(familiarName),
    Layers: manifest.layers.map(({ digest }) => memberName(digest)),
  };
}

/** The oldest readers look here for the tag's topmost layer. */
function repositories(images: readonly SavedImage[]): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const { manifest, names } of images)
    for (const name of names) {
      const top: Digest = (manifest.layers.at(-1) ?? manifest.config).digest;
      found[familiarRepository(name)] = {
        ...found[familiarRepository(name)],
        [name.tag as string]: top.slice(7),
      };
    }
  return found;
}

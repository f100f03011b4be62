/**
 * Image archives, read: what `docker save`, `podman save`, skopeo and this program write.
 * Goes in: stored members of the archive. Comes out: manifests with the names they have there.
 */
import { TscomposeError } from '../../errors.ts';
import type { BlobStore, StoredBlob } from '../blobs.ts';
import { parseImageConfig } from '../config.ts';
import {
  type Descriptor,
  indexTypes,
  layerTypes,
  type Manifest,
  media,
  type Platform,
  parseIndex,
  parseManifest,
  record,
  textList,
} from '../media.ts';
import { choosePlatform } from '../platforms.ts';
import { type FullReference, fullName, parseReference, withDefaultTag } from '../references.ts';
import { corrupt } from '../tar/entry.ts';
import type { ArchiveMembers } from './members.ts';

export interface ArchivedImage {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  readonly names: readonly FullReference[];
}

/** JSON files of an archive are held in memory. */
const mostJsonBytes = 16 * 1024 * 1024;

/** @throws TscomposeError `IMAGE_CORRUPT` when it is no image archive or lacks a part */
export async function readArchive(
  members: ArchiveMembers,
  blobs: BlobStore,
  platform: Platform,
): Promise<readonly ArchivedImage[]> {
  const documents = { members, blobs, platform };
  const layout = members.find('index.json');
  const listed = layout === undefined ? [] : await readLayout(documents, layout);
  const docker = members.find('manifest.json');
  if (docker !== undefined) return readDockerArchive(documents, docker, listed);
  if (layout !== undefined) return listed;
  throw new TscomposeError(
    'IMAGE_CORRUPT',
    'the archive holds neither manifest.json nor index.json, so it is no image archive',
    { hint: 'if it holds a root file system, make an image of it with: tscompose image import' },
  );
}

interface Documents {
  readonly members: ArchiveMembers;
  readonly blobs: BlobStore;
  readonly platform: Platform;
}

/** @see moby, image/tarexport: `[{ Config, RepoTags, Layers }]` */
async function readDockerArchive(
  { members, blobs }: Documents,
  listing: StoredBlob,
  listed: readonly ArchivedImage[],
): Promise<readonly ArchivedImage[]> {
  const images = await readJson(blobs, listing);
  if (!Array.isArray(images)) throw corrupt('manifest.json of the archive is no list');
  const need = (name: unknown): StoredBlob => {
    const found = typeof name === 'string' ? members.find(name) : undefined;
    if (found === undefined) throw corrupt(`the archive lacks ${JSON.stringify(name)}`);
    return found;
  };
  return Promise.all(
    images.map(async (image): Promise<ArchivedImage> => {
      const { Config: configName, RepoTags: tags, Layers: layerNames } = record(image);
      const config = need(configName);
      const names = textList(tags).map((tag) => fullName(withDefaultTag(parseReference(tag))));
      // Newer archives also hold the manifest itself; with it the image keeps its digest.
      const original = listed.find(({ manifest }) => manifest.config.digest === config.digest);
      if (original !== undefined) return { ...original, names };
      const manifest = manifestOf(config, textList(layerNames).map(need));
      const { diffIds } = parseImageConfig(await readJson(blobs, config));
      if (diffIds.length !== manifest.layers.length)
        throw corrupt(
          `an image of the archive has ${manifest.layers.length} layers instead of ${diffIds.length}`,
        );
      const { digest, size } = await blobs.writeBytes(Buffer.from(JSON.stringify(manifest)));
      return { descriptor: { mediaType: media.ociManifest, digest, size }, manifest, names };
    }),
  );
}

export function manifestOf(config: StoredBlob, layers: readonly StoredBlob[]): Manifest {
  return {
    schemaVersion: 2,
    mediaType: media.ociManifest,
    config: { mediaType: media.ociConfig, digest: config.digest, size: config.size },
    layers: layers.map(({ digest, size, compression }) => ({
      mediaType: layerTypes[compression],
      digest,
      size,
    })),
  };
}

/** @see OCI image-spec, image-layout.md */
async function readLayout(documents: Documents, index: StoredBlob): Promise<readonly ArchivedImage[]> {
  const descriptors = parseIndex(await readJson(documents.blobs, index));
  const images: ArchivedImage[] = [];
  for (const entry of descriptors) {
    const descriptor = await imageOf(documents, entry);
    if (descriptor === undefined) continue;
    const manifest = parseManifest(await readMember(documents, descriptor));
    const isWhole = [manifest.config, ...manifest.layers].every((part) => isThere(documents, part));
    if (isWhole) images.push({ descriptor, manifest, names: namesOf(entry) });
  }
  if (images.length === 0 && documents.members.find('manifest.json') === undefined)
    throw corrupt('the archive holds no whole image for this machine');
  return images;
}

/** The manifest an entry means here; an index within the index offers several. Attestations are for no platform. */
async function imageOf(documents: Documents, entry: Descriptor): Promise<Descriptor | undefined> {
  if (!isThere(documents, entry) || entry.platform?.os === 'unknown') return undefined;
  if (!indexTypes.includes(entry.mediaType)) return entry;
  const offered = parseIndex(await readMember(documents, entry)).filter((inner) => isThere(documents, inner));
  return choosePlatform(offered, documents.platform);
}

/** Names are found under containerd's annotation, or under OCI's when that holds more than a tag. */
function namesOf({ annotations = {} }: Descriptor): readonly FullReference[] {
  const name = annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name'];
  if (name === undefined || !/[/:]/.test(name)) return [];
  return [fullName(withDefaultTag(parseReference(name)))];
}

function isThere({ members }: Documents, { digest }: Descriptor): boolean {
  return members.find(memberName(digest))?.digest === digest;
}

async function readMember({ members, blobs }: Documents, { digest }: Descriptor): Promise<unknown> {
  const blob = members.find(memberName(digest));
  if (blob?.digest !== digest) throw corrupt(`the archive lacks ${digest}`);
  return readJson(blobs, blob);
}

export function memberName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

async function readJson(blobs: BlobStore, { digest, size }: StoredBlob): Promise<unknown> {
  if (size > mostJsonBytes) throw corrupt('a description in the archive is far too large');
  return blobs.readJson(digest);
}

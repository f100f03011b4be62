/** From a reference to stored blobs: resolve, choose the platform's manifest, fetch what is missing. */
import { TscomposeError } from '../../errors.ts';
import { type BlobStore, parseObject } from '../blobs.ts';
import type { Digest, ImageProgress } from '../images.ts';
import {
  type Descriptor,
  indexTypes,
  type Manifest,
  media,
  type Platform,
  parseIndex,
  parseManifest,
} from '../media.ts';
import { choosePlatform, formatPlatform } from '../platforms.ts';
import { familiarName, type Reference } from '../references.ts';
import { allOrNone } from '../shared.ts';
import type { FetchedManifest, RegistryClient } from './client.ts';
import type { Downloads } from './downloads.ts';

export interface PullRequest {
  /** With a tag or a digest. */
  readonly reference: Reference;
  readonly platform: Platform;
  readonly signal?: AbortSignal;
  readonly onProgress: (progress: Omit<ImageProgress, 'reference'>) => void;
}

export interface PulledImage {
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
  /** Of the index where there is one, else of the manifest: what the tag meant. */
  readonly resolved: Digest;
}

/** @throws TscomposeError `IMAGE_NOT_FOUND` also when the image is not made for the platform */
export async function pullBlobs(
  client: RegistryClient,
  downloads: Downloads,
  blobs: BlobStore,
  request: PullRequest,
): Promise<PulledImage> {
  const { reference, signal, onProgress } = request;
  onProgress({ phase: 'resolving' });
  const named = await client.manifest(reference, undefined, signal);
  const fetched = await choose(client, named, request);
  const manifest = parseManifest(parseObject(fetched.bytes, 'the manifest'));
  refuseOther(manifest, reference);
  const contents = [manifest.config, ...manifest.layers];
  const wanted = [...new Map(contents.map((blob) => [blob.digest, blob])).values()];
  await allOrNone(
    signal,
    wanted.map(
      (blob) => (joint) =>
        downloads.fetch(reference, blob, {
          signal: joint,
          onBytes: (currentBytes, totalBytes) =>
            onProgress({ phase: 'downloading', layer: blob.digest, currentBytes, totalBytes }),
        }),
    ),
  );
  const stored = await blobs.writeBytes(fetched.bytes);
  const descriptor = { mediaType: typeOf(fetched), ...stored, platform: request.platform };
  return { descriptor, manifest, resolved: named.digest };
}

async function choose(
  client: RegistryClient,
  named: FetchedManifest,
  { reference, platform, signal }: PullRequest,
): Promise<FetchedManifest> {
  if (!indexTypes.includes(typeOf(named))) return named;
  const manifests = parseIndex(parseObject(named.bytes, 'the image index'));
  const chosen = choosePlatform(manifests, platform);
  if (chosen !== undefined) return client.manifest(reference, chosen.digest, signal);
  const offered = manifests.flatMap((entry) =>
    entry.platform === undefined || entry.platform.os === 'unknown' ? [] : [formatPlatform(entry.platform)],
  );
  throw new TscomposeError(
    'IMAGE_NOT_FOUND',
    `the image ${familiarName(reference)} is not made for ${formatPlatform(platform)}`,
    { hint: `it is made for ${offered.join(', ') || 'no platform at all'}` },
  );
}

/** The document's own word counts; the header is for those that say nothing. */
function typeOf({ bytes, mediaType }: FetchedManifest): string {
  const { mediaType: own, manifests } = parseObject(bytes, 'the manifest');
  if (typeof own === 'string') return own;
  if (Array.isArray(manifests)) return media.ociIndex;
  return mediaType === '' || mediaType === 'application/json' ? media.ociManifest : mediaType;
}

/** Charts, signatures and other things that live in registries beside images. */
function refuseOther({ config }: Manifest, reference: Reference): void {
  const isImage =
    config.mediaType === media.ociConfig ||
    config.mediaType === 'application/vnd.docker.container.image.v1+json';
  if (!isImage)
    throw new TscomposeError(
      'IMAGE_UNSUPPORTED',
      `${familiarName(reference)} is no container image but ${config.mediaType}`,
    );
}

/** Media types and descriptors of OCI and of Docker's schema 2. */
import { parseDigest } from './digests.ts';
import type { Digest } from './images.ts';
import { corrupt } from './tar/entry.ts';

export const media = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const;

export const manifestTypes: readonly string[] = [media.ociManifest, media.dockerManifest];
export const indexTypes: readonly string[] = [media.ociIndex, media.dockerIndex];

/** OCI's layer type by how the blob is compressed. */
export const layerTypes = {
  none: media.ociLayer,
  gzip: `${media.ociLayer}+gzip`,
  zstd: `${media.ociLayer}+zstd`,
  // Not of the specification, but what it would say.
  xz: `${media.ociLayer}+xz`,
  bzip2: `${media.ociLayer}+bzip2`,
} as const;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
}

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** @throws TscomposeError `IMAGE_CORRUPT` */
export function parseDescriptor(value: unknown): Descriptor {
  const { mediaType, digest, size, annotations, platform } = record(value);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw corrupt('a manifest names content without its size');
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest: parseDigest(digest),
    size,
    ...(annotations === undefined || annotations === null ? {} : { annotations: textMap(annotations) }),
    ...(platform === undefined || platform === null ? {} : { platform: parsePlatformObject(platform) }),
  };
}

/** An image manifest, of either kind. @throws TscomposeError `IMAGE_CORRUPT`, `IMAGE_UNSUPPORTED` */
export function parseManifest(value: unknown): Manifest {
  const { mediaType, config, layers } = record(value);
  if (!Array.isArray(layers)) throw corrupt('an image manifest has no layers');
  if (layers.length > mostLayers) throw corrupt(`an image manifest has more than ${mostLayers} layers`);
  return {
    schemaVersion: 2,
    mediaType: typeof mediaType === 'string' ? mediaType : media.ociManifest,
    config: parseDescriptor(config),
    layers: layers.map(parseDescriptor),
  };
}

/** What overlayfs and one page of mount options allow, and Docker's own limit. */
const mostLayers = 127;

/** Descriptors of an index, of either kind. @throws TscomposeError `IMAGE_CORRUPT` */
export function parseIndex(value: unknown): readonly Descriptor[] {
  const { manifests } = record(value);
  if (!Array.isArray(manifests)) throw corrupt('an image index has no manifests');
  return manifests.map(parseDescriptor);
}

function parsePlatformObject(value: unknown): Platform {
  const { os, architecture, variant } = record(value);
  return {
    os: String(os ?? ''),
    architecture: String(architecture ?? ''),
    ...(typeof variant === 'string' && variant !== '' ? { variant } : {}),
  };
}

/** The value as an object. @throws TscomposeError `IMAGE_CORRUPT` */
export function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw corrupt('an image description is not of the form it must have');
}

export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(record(value ?? {})).map(([key, text]) => [key, String(text)]));
}

/** @throws TscomposeError `IMAGE_CORRUPT` when it is neither absent nor a list of strings */
export function textList(value: unknown): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as string[];
  throw corrupt('an image description is not of the form it must have');
}

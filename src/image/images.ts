/** What the image layer offers the engine: a content store in OCI image layout and unpacked layers. */

import type { FullReference } from './references.ts';

export type Digest = string & { readonly __brand: 'Digest' };

/** A stored image. */
export interface ImageRecord {
  /** Digest of the configuration: Docker's image id. */
  readonly id: Digest;
  /** Familiar references that point here, such as `nginx:latest`; empty: dangling. */
  readonly references: readonly string[];
  /** Where it was pulled from, by digest: `nginx@sha256:…`. */
  readonly repoDigests: readonly string[];
  readonly manifest: Digest;
  readonly createdAt: number;
  /** When the reference it was found by was last pulled; absent when it came in another way. */
  readonly pulledAt?: number;
  /** Size of the unpacked layers. */
  readonly sizeBytes: number;
  /** Size of each unpacked layer, bottom first, as `config.diffIds`. */
  readonly layerSizes: readonly number[];
  readonly config: ImageConfig;
}

/** The part of the OCI image configuration that running needs. @see OCI image-spec, config.md */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly created?: string;
  readonly user: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly workingDir: string;
  readonly volumes: readonly string[];
  readonly exposedPorts: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly stopSignal?: string;
  readonly shell?: readonly string[];
  /** Docker's extension; times in milliseconds. */
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly intervalMs?: number;
    readonly timeoutMs?: number;
    readonly startPeriodMs?: number;
    readonly startIntervalMs?: number;
    readonly retries?: number;
  };
  readonly diffIds: readonly Digest[];
  readonly history: readonly {
    readonly created?: string;
    readonly createdBy?: string;
    readonly comment?: string;
    readonly emptyLayer: boolean;
  }[];
}

export type ImageProgress = {
  readonly reference: string;
  readonly phase: 'resolving' | 'downloading' | 'unpacking' | 'done';
  readonly layer?: Digest;
  readonly currentBytes?: number;
  readonly totalBytes?: number;
};

export interface ImageStore {
  /** Removes what a crash left half done. */
  open(): Promise<void>;
  /** By reference (`nginx`, `nginx:1.27`, `repo@sha256:…`), id or unique id prefix. */
  find(reference: string): Promise<ImageRecord | undefined>;
  list(): Promise<readonly ImageRecord[]>;
  /**
   * Fetches from a v2 registry.
   * @throws TscomposeError `IMAGE_NOT_FOUND`, `REGISTRY_UNREACHABLE`, `REGISTRY_UNAUTHORIZED`, `IMAGE_CORRUPT`
   */
  pull(
    reference: string,
    options: {
      readonly platform?: string;
      readonly signal?: AbortSignal;
      readonly onProgress?: (progress: ImageProgress) => void;
    },
  ): Promise<ImageRecord>;
  /**
   * The full reference with the digest that the registry has for it now; what has a digest is not asked for.
   * @throws TscomposeError as `pull`
   */
  resolve(reference: string, signal?: AbortSignal): Promise<FullReference>;
  /**
   * Loads a docker-archive or OCI layout tar (plain, gzip, zstd, xz or bzip2).
   * The answer has the names that the images have in the archive.
   */
  load(archive: NodeJS.ReadableStream): Promise<readonly ImageRecord[]>;
  /** Makes an image of one layer from a root file system tar. `changes` are Dockerfile instructions (`CMD ["sh"]`). */
  import(
    archive: NodeJS.ReadableStream,
    options: { readonly reference?: string; readonly changes?: readonly string[]; readonly message?: string },
  ): Promise<ImageRecord>;
  /** Writes a docker-archive (readable by `docker load`, `podman load`, skopeo). */
  save(references: readonly string[]): Promise<NodeJS.ReadableStream>;
  tag(source: string, target: string): Promise<void>;
  /**
   * Removes a reference, and the image with its last one. The engine passes which images containers use.
   * @throws TscomposeError `IMAGE_IN_USE` naming the container, `IMAGE_NOT_FOUND`
   */
  remove(
    reference: string,
    options: { readonly force?: boolean; readonly usedBy: (id: Digest) => string | undefined },
  ): Promise<readonly { readonly untagged?: string; readonly deleted?: Digest }[]>;
  /**
   * Lower directories of the image's unpacked layers, top first, as overlay's `lowerdir` wants them,
   * through short links so that many layers fit into one page of mount options.
   */
  lowerDirectories(id: Digest): Promise<readonly string[]>;
}

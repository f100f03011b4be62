/** An image of one layer from a root file system. */

import { manifestOf } from './archive/load.ts';
import type { BlobStore } from './blobs.ts';
import { applyChanges } from './changes.ts';
import { decompressed } from './compression.ts';
import { parseImageConfig } from './config.ts';
import { formatImageConfig } from './config-format.ts';
import type { Digest } from './images.ts';
import { type Descriptor, type Manifest, media, type Platform } from './media.ts';

export interface ImportOptions {
  readonly changes: readonly string[];
  readonly message?: string;
  readonly platform: Platform;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Stores the archive plain, so that its digest is that of the layer, and a configuration for it.
 * What it stores is noted in `stored`, also when it fails later.
 */
export async function importRootfs(
  archive: AsyncIterable<Uint8Array>,
  blobs: BlobStore,
  stored: Set<Digest>,
  { changes, message, platform, now }: ImportOptions,
): Promise<{ readonly descriptor: Descriptor; readonly manifest: Manifest }> {
  // A wrong instruction must not cost a long import.
  const bare = applyChanges(parseImageConfig({ ...platform }), changes);
  const layer = await blobs.write(decompressed(archive));
  stored.add(layer.digest);
  const created = new Date(now).toISOString();
  const config = await blobs.writeBytes(
    formatImageConfig({
      ...bare,
      created,
      diffIds: [layer.digest],
      history: [{ created, comment: message ?? 'Imported from -', emptyLayer: false }],
    }),
  );
  stored.add(config.digest);
  const manifest = manifestOf(config, [layer]);
  const { digest, size } = await blobs.writeBytes(Buffer.from(JSON.stringify(manifest)));
  stored.add(digest);
  return { descriptor: { mediaType: media.ociManifest, digest, size, platform }, manifest };
}

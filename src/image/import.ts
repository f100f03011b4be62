/** An image of one layer from a root file system. */

import { manifestOf } from './archive/load.ts';
import type { BlobStore } from './blobs.ts';
import { applyChanges } from './changes.ts';
import { decompressed } from './compression.ts';
import { parseImageConfig } from './config.ts';
import { formatImageConfig } from './config-format.ts';
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
 */
export async function importRootfs(
  archive: AsyncIterable<Uint8Array>,
  blobs: BlobStore,
  { changes, message, platform, now }: ImportOptions,
): Promise<{ readonly descriptor: Descriptor; readonly manifest: Manifest }> {
  // A wrong instruction must not cost a long import.
  const bare = applyChanges(parseImageConfig({ ...platform }), changes);
  const layer = await blobs.write(decompressed(archive));
  const created = new Date(now).toISOString();
  const config = await blobs.writeBytes(
    formatImageConfig({
      ...bare,
      created,
      diffIds: [layer.digest],
      history: [{ created, comment: message ?? 'Imported from -', emptyLayer: false }],
    }),
  );
  const manifest = manifestOf(config, [layer]);
  const { digest, size } = await blobs.writeBytes(Buffer.from(JSON.stringify(manifest)));
  return { descriptor: { mediaType: media.ociManifest, digest, size, platform }, manifest };
}

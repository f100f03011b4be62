/** An image archive's members on their way into the blob store. The archive is a tar that holds tars. */
import type { BlobStore, StoredBlob } from '../blobs.ts';
import { decompressed } from '../compression.ts';
import { cleanName, splitName } from '../layers/names.ts';
import { corrupt } from '../tar/entry.ts';
import { createTarReader, type TarEvent } from '../tar/reader.ts';

export interface ArchiveMembers {
  /** The blob of that name, through the links old archives use for layers they share. */
  find(name: string): StoredBlob | undefined;
}

/**
 * Stores every file of the archive as a blob.
 * @throws TscomposeError `IMAGE_CORRUPT`
 */
export async function storeMembers(
  archive: AsyncIterable<Uint8Array>,
  blobs: BlobStore,
): Promise<ArchiveMembers> {
  const files = new Map<string, StoredBlob>();
  const links = new Map<string, string>();
  const events = tarEvents(archive);
  for (let next = await events.next(); !next.done; next = await events.next()) {
    if (next.value.kind !== 'entry') continue;
    const { type, name, linkName } = next.value.entry;
    const path = cleanName(name);
    if (type === 'file') files.set(path, await blobs.write(contentOf(events)));
    else if (type === 'hardlink') links.set(path, cleanName(linkName));
    else if (type === 'symlink') links.set(path, cleanName(`/${splitName(path).parent}/${linkName}`));
  }
  return {
    find: (name) => {
      let path = cleanName(name);
      for (let step = 0; step <= links.size; step++) {
        const file = files.get(path);
        if (file !== undefined) return file;
        path = links.get(path) ?? path;
      }
      return undefined;
    },
  };
}

async function* tarEvents(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarEvent, void, undefined> {
  const reader = createTarReader();
  let isEmpty = true;
  for await (const chunk of decompressed(archive))
    for (const event of reader.feed(chunk)) {
      isEmpty = false;
      yield event;
    }
  reader.finish();
  if (isEmpty) throw corrupt('the archive is empty');
}

/** What belongs to the entry before. */
async function* contentOf(events: AsyncGenerator<TarEvent, void, undefined>): AsyncGenerator<Buffer> {
  for (let next = await events.next(); !next.done && next.value.kind === 'data'; next = await events.next())
    yield next.value.chunk;
}

/**
 * Unpacked layers by chain id: `layers/<chain id>/diff` beside its `layer.json`, and a short link to each `diff`.
 * Goes in: an image's layer descriptors. Comes out: directories overlayfs takes as lower ones, each made once.
 * A layer is unpacked aside and renamed into place, so what has its name is whole.
 */
import { join } from 'node:path';
import { TscomposeError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { BlobStore } from '../blobs.ts';
import { chainIds, digestFromHex, hexOf } from '../digests.ts';
import type { Digest } from '../images.ts';
import { allOrNone, createShared } from '../shared.ts';
import type { LayerSummary } from './apply.ts';
import { inheritDirectories } from './inherit.ts';
import { createLinks } from './links.ts';
import { createSettler } from './settle.ts';
import type { Unpacker } from './unpacker.ts';

/** The layer's blob, and what it is uncompressed. */
export interface LayerSource {
  readonly digest: Digest;
  readonly diffId: Digest;
}

export interface LayerRecord {
  readonly chainId: Digest;
  readonly diffId: Digest;
  readonly sizeBytes: number;
  readonly isOpaque: boolean;
  /** Name of the link in `l/`. */
  readonly link: string;
  /** The boot in which it was unpacked, until it is known to be on disk. */
  readonly unsettledSince?: string;
}

export interface LayerStack {
  /** Removes what a crash left, and layers a power loss may have damaged. */
  open(): Promise<void>;
  /** Unpacks what is missing, all at once, and answers bottom first. `onUnpacked` is told of each. */
  ensure(
    layers: readonly LayerSource[],
    options: { readonly signal?: AbortSignal; readonly onUnpacked?: (layer: LayerSource) => void },
  ): Promise<readonly LayerRecord[]>;
  get(chainId: Digest): Promise<LayerRecord | undefined>;
  list(): Promise<readonly Digest[]>;
  delete(chainId: Digest): Promise<void>;
  /** Directories top first, down to the first that hides all below it. */
  lowerDirectories(records: readonly LayerRecord[]): readonly string[];
  /** Resolves when all that was unpacked so far is on disk. */
  settled(): Promise<void>;
}

/** Layers bottom first, with the chain id of each. */
interface Stack {
  readonly layers: readonly LayerSource[];
  readonly ids: readonly Digest[];
}

const stagingPrefix = '.unpacking-';
const removingPrefix = '.removing-';

export function createLayerStack(host: Host, data: string, blobs: BlobStore, unpacker: Unpacker): LayerStack {
  const { files } = host;
  const root = join(data, 'layers');
  const links = createLinks(files, data);
  const settle = createSettler<LayerRecord>(host, root);
  const unpacking = createShared<Digest, LayerRecord>();
  const records = new Map<Digest, LayerRecord>();
  let stagings = 0;

  const home = (chainId: Digest): string => join(root, hexOf(chainId));

  const get = async (chainId: Digest): Promise<LayerRecord | undefined> => {
    const known = records.get(chainId);
    if (known !== undefined) return known;
    const text = await files.readText(join(home(chainId), 'layer.json'));
    const record = text === undefined ? undefined : parseRecord(text);
    if (record !== undefined) records.set(chainId, record);
    return record;
  };

  const remove = async (chainId: Digest): Promise<void> => {
    const record = await get(chainId);
    records.delete(chainId);
    const away = join(root, `${removingPrefix}${hexOf(chainId)}`);
    await files.remove(away);
    if (record !== undefined) await links.delete(record.link);
    if ((await files.lstat(home(chainId))) !== undefined) await files.rename(home(chainId), away);
    await files.remove(away);
  };

  /** The record of layer `index`, unpacked if need be. */
  const ensureOne = async (stack: Stack, index: number, signal: AbortSignal): Promise<LayerRecord> => {
    const [layer, chainId] = [stack.layers[index] as LayerSource, stack.ids[index] as Digest];
    const unpackIt = (shared: AbortSignal): Promise<LayerRecord> => {
      // Asked for under the work's own signal: whoever began it may leave while others still wait.
      const below = index === 0 ? undefined : ensureOne(stack, index - 1, shared);
      below?.catch(() => undefined);
      return unpack(layer, chainId, shared, async (target, implicit) => {
        // Every layer waits for the one below it, so with that all of them are in place.
        await below;
        const lower = stack.ids.slice(0, index).map((id) => join(home(id), 'diff'));
        inheritDirectories(target, implicit, lower.reverse());
      });
    };
    return (await get(chainId)) ?? unpacking.join(chainId, signal, unpackIt);
  };

  const unpack = async (
    layer: LayerSource,
    chainId: Digest,
    signal: AbortSignal,
    inherit: (target: string, implicit: readonly string[]) => Promise<void>,
  ): Promise<LayerRecord> => {
    const staging = join(root, `${stagingPrefix}${hexOf(chainId).slice(0, 16)}-${++stagings}`);
    const target = join(staging, 'diff');
    await files.makeDirectory(target, 0o755);
    try {
      const summary = await unpackInto(target, layer, signal);
      await inherit(target, summary.implicit);
      return await commit(staging, layer, chainId, summary);
    } catch (error) {
      await files.remove(staging);
      throw error;
    }
  };

  const unpackInto = async (
    target: string,
    { digest, diffId }: LayerSource,
    signal: AbortSignal,
  ): Promise<LayerSummary> => {
    const job = { digest, diffId, target, blob: blobs.path(digest), isVerified: blobs.isVerified(digest) };
    try {
      return await unpacker.unpack(job, signal);
    } catch (error) {
      // Whatever has damaged the blob: without it the next pull fetches it again.
      if (error instanceof TscomposeError && error.code === 'IMAGE_CORRUPT') await blobs.delete(digest);
      throw error;
    }
  };

  const commit = async (
    staging: string,
    layer: LayerSource,
    chainId: Digest,
    { sizeBytes, isOpaque }: LayerSummary,
  ): Promise<LayerRecord> => {
    const present = await get(chainId);
    if (present !== undefined) {
      await files.remove(staging);
      return present;
    }
    const link = links.make(chainId);
    const unsettledSince = await settle.boot();
    const record = { chainId, diffId: layer.diffId, sizeBytes, isOpaque, link, unsettledSince };
    await files.write(join(staging, 'layer.json'), `${JSON.stringify(record, null, 2)}\n`);
    await files.rename(staging, home(chainId));
    records.set(chainId, record);
    settle.later(join(home(chainId), 'layer.json'), record);
    return record;
  };

  /** A layer without its mark is on disk; one marked by this boot will be; any other may be damaged. */
  const recheck = async (chainId: Digest, boot: string): Promise<void> => {
    const record = await get(chainId);
    if (record?.unsettledSince === boot) settle.later(join(home(chainId), 'layer.json'), record);
    else if (record === undefined || record.unsettledSince !== undefined) await remove(chainId);
  };

  return {
    open: async () => {
      await files.makeDirectory(root, 0o700);
      const boot = await settle.boot();
      for (const { name } of await files.list(root)) {
        if (name.startsWith('.')) await files.remove(join(root, name));
        else await recheck(digestFromHex(name), boot);
      }
      await links.open();
    },
    ensure: (layers, { signal, onUnpacked }) => {
      const stack = { layers, ids: chainIds(layers.map(({ diffId }) => diffId)) };
      return allOrNone(
        signal,
        layers.map((layer, index) => async (joint) => {
          const record = await ensureOne(stack, index, joint);
          onUnpacked?.(layer);
          return record;
        }),
      );
    },
    get,
    list: async () =>
      (await files.list(root))
        .filter(({ name }) => !name.startsWith('.'))
        .map(({ name }) => digestFromHex(name)),
    delete: remove,
    lowerDirectories: (stack) => {
      const opaque = stack.findLastIndex((record) => record.isOpaque);
      return stack
        .slice(Math.max(0, opaque))
        .map((record) => links.path(record.link))
        .reverse();
    },
    settled: () => settle.idle(),
  };
}

/** Nothing for a record whose content was not on disk yet when the power went. */
function parseRecord(text: string): LayerRecord | undefined {
  try {
    return JSON.parse(text) as LayerRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Unpacked layers by chain id: `layers/<chain id>/diff` beside its `layer.json`, and a short link to each `diff`.
 * Goes in: an image's layer descriptors. Comes out: directories overlayfs takes as lower ones, each made once.
 * A layer is unpacked aside and renamed into place, so what has its name is whole.
 */
import { join } from 'node:path';
import { TscomposeError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { BlobStore } from '../blobs.ts';
import { chainIds, hexOf } from '../digests.ts';
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
    if (text === undefined) return undefined;
    const record = JSON.parse(text) as LayerRecord;
    records.set(chainId, record);
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

  const unpack = async (
    layer: LayerSource,
    chainId: Digest,
    below: Promise<readonly LayerRecord[]>,
    signal: AbortSignal,
  ): Promise<LayerRecord> => {
    const staging = join(root, `${stagingPrefix}${hexOf(chainId).slice(0, 16)}-${++stagings}`);
    const target = join(staging, 'diff');
    await files.makeDirectory(target, 0o755);
    try {
      const blob = blobs.path(layer.digest);
      const job = { blob, ...layer, target, isVerified: blobs.isVerified(layer.digest) };
      const summary = await unpacker.unpack(job, signal);
      const lower = (await below).map((record) => join(home(record.chainId), 'diff')).reverse();
      inheritDirectories(target, summary.implicit, lower);
      return await commit(staging, layer, chainId, summary);
    } catch (error) {
      await files.remove(staging);
      // Whatever has damaged the blob: without it the next pull fetches it again.
      if (error instanceof TscomposeError && error.code === 'IMAGE_CORRUPT') await blobs.delete(layer.digest);
      throw error;
    }
  };

  const commit = async (
    staging: string,
    layer: LayerSource,
    chainId: Digest,
    { sizeBytes, isOpaque }: LayerSummary,
  ): Promise<LayerRecord> => {
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
        else if (/^[0-9a-f]{64}$/.test(name)) {
          const chainId = `sha256:${name}` as Digest;
          await recheck(chainId, boot);
        }
      }
      await links.open();
    },
    ensure: async (layers, { signal, onUnpacked }) => {
      const ids = chainIds(layers.map(({ diffId }) => diffId));
      const results: Promise<LayerRecord>[] = [];
      const one = async (index: number, joint: AbortSignal): Promise<LayerRecord> => {
        const [layer, chainId] = [layers[index] as LayerSource, ids[index] as Digest];
        // Asked for before the first wait, when the promises of the layers below are already there.
        const below = Promise.all(results.slice(0, index));
        below.catch(() => undefined);
        const record =
          (await get(chainId)) ??
          (await unpacking.join(chainId, joint, (shared) => unpack(layer, chainId, below, shared)));
        onUnpacked?.(layer);
        return record;
      };
      return allOrNone(
        signal,
        layers.map((_, index) => (joint) => {
          const result = one(index, joint);
          results.push(result);
          return result;
        }),
      );
    },
    get,
    list: async () =>
      (await files.list(root))
        .filter(({ name }) => /^[0-9a-f]{64}$/.test(name))
        .map(({ name }) => `sha256:${name}` as Digest),
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

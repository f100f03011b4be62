import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { type BlobStore, createBlobStore } from '../../src/image/blobs.ts';
import { chainIds, digestOf } from '../../src/image/digests.ts';
import {
  createLayerStack,
  type LayerRecord,
  type LayerSource,
  type LayerStack,
} from '../../src/image/layers/stack.ts';
import { createShared } from '../../src/image/shared.ts';
import { sha256 } from './fixtures.ts';

let data = '';
let blobs: BlobStore;
let stack: LayerStack;
/** Jobs that wait to be let go, by the digest of their blob. */
let held: Map<string, () => void>;
let started: string[];

beforeEach(async () => {
  data = fs.mkdtempSync(join(tmpdir(), 'tscompose-stack-'));
  blobs = createBlobStore(systemHost.files, join(data, 'images'));
  await blobs.open();
  held = new Map();
  started = [];
  stack = createLayerStack(systemHost, data, blobs, {
    unpack: ({ digest, target }, signal) => {
      started.push(digest);
      fs.writeFileSync(join(target, digest.slice(7, 12)), '');
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
        held.set(digest, () => resolve({ sizeBytes: 1, implicit: [], isOpaque: false }));
      });
    },
  });
  await stack.open();
});
afterEach(() => fs.rmSync(data, { recursive: true, force: true }));

const layers: readonly LayerSource[] = ['a', 'b', 'c'].map((name) => ({
  digest: digestOf(name),
  diffId: digestOf(`${name} plain`),
}));

async function letGo(...which: readonly number[]): Promise<void> {
  for (const index of which) {
    const { digest } = layers[index] as LayerSource;
    await expect.poll(() => held.has(digest)).toBe(true);
    held.get(digest)?.();
  }
}

describe('a stack of layers', () => {
  test('is unpacked all at once, each layer in place only after the one below', async () => {
    const done = stack.ensure(layers, {});
    await expect.poll(() => started.length).toBe(3);
    await letGo(2, 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await stack.list()).toEqual([]);
    await letGo(0);
    expect((await done).map(({ chainId }) => chainId)).toEqual(chainIds(layers.map(({ diffId }) => diffId)));
  });

  test('that two want is unpacked once', async () => {
    const both = Promise.all([stack.ensure(layers, {}), stack.ensure(layers.slice(0, 2), {})]);
    await letGo(0, 1, 2);
    const [three, two] = await both;
    expect(two).toEqual(three.slice(0, 2));
    expect(started).toHaveLength(3);
  });

  test('goes on for the second when the first leaves', async () => {
    const leaving = new AbortController();
    const first = stack.ensure(layers, { signal: leaving.signal });
    const second = stack.ensure(layers, {});
    await expect.poll(() => started.length).toBe(3);
    leaving.abort(new Error('changed my mind'));
    await expect(first).rejects.toThrow('changed my mind');
    await letGo(2, 1, 0);
    expect(await second).toHaveLength(3);
    expect(started).toHaveLength(3);
  });

  test('leaves nothing when everybody has left', async () => {
    const leaving = new AbortController();
    const first = stack.ensure(layers, { signal: leaving.signal });
    await expect.poll(() => started.length).toBe(3);
    leaving.abort(new Error('stop'));
    await expect(first).rejects.toThrow('stop');
    await expect.poll(() => fs.readdirSync(join(data, 'layers'))).toEqual([]);
  });

  test('takes another short link where the short name belongs to another layer', async () => {
    const [chainId] = chainIds([(layers[0] as LayerSource).diffId]);
    const short = BigInt(`0x${(chainId as string).slice(7)}`)
      .toString(36)
      .slice(0, 5);
    fs.symlinkSync('../layers/another/diff', join(data, 'l', short));
    const done = stack.ensure(layers.slice(0, 1), {});
    await letGo(0);
    const [record] = (await done) as [LayerRecord];
    expect(record.link).toHaveLength(6);
    expect(fs.readdirSync(stack.lowerDirectories(await done)[0] as string)).toEqual([
      sha256('a').slice(0, 5),
    ]);
  });

  test('with a record that is no JSON is removed when the store is opened', async () => {
    const done = stack.ensure(layers.slice(0, 1), {});
    await letGo(0);
    const [record] = (await done) as [LayerRecord];
    await stack.settled();
    fs.writeFileSync(join(data, 'layers', record.chainId.slice(7), 'layer.json'), '');
    const reopened = createLayerStack(systemHost, data, blobs, {
      unpack: () => Promise.reject(new Error('none')),
    });
    await reopened.open();
    expect([fs.readdirSync(join(data, 'layers')), fs.readdirSync(join(data, 'l'))]).toEqual([[], []]);
  });

  test('no longer names its boot once it is on disk', async () => {
    const done = stack.ensure(layers.slice(0, 1), {});
    await letGo(0);
    const [record] = (await done) as [LayerRecord];
    const path = join(data, 'layers', record.chainId.slice(7), 'layer.json');
    expect(JSON.parse(fs.readFileSync(path, 'utf8'))).toHaveProperty('unsettledSince');
    await stack.settled();
    expect(JSON.parse(fs.readFileSync(path, 'utf8'))).not.toHaveProperty('unsettledSince');
  });
});

describe('shared work', () => {
  test('that failed is tried again by the next who asks', async () => {
    const shared = createShared<string, number>();
    await expect(shared.join('x', undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await shared.join('x', undefined, () => Promise.resolve(1))).toBe(1);
  });

  test('that everybody left is not joined but begun anew', async () => {
    const shared = createShared<string, number>();
    const leaving = new AbortController();
    const first = shared.join('x', leaving.signal, () => new Promise(() => undefined));
    leaving.abort(new Error('stop'));
    await expect(first).rejects.toThrow('stop');
    expect(await shared.join('x', undefined, () => Promise.resolve(2))).toBe(2);
  });
});

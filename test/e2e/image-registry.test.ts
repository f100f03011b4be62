import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { createImageStore, type ImageStore } from '../../src/image/index.ts';
import { busyboxRootfs, directory, file, tar } from '../image/fixtures.ts';
import { type Registry, startRegistry } from './registry.ts';
import { stack } from './stack.ts';

let place = '';
let registry: Registry;
let store: ImageStore;

beforeAll(async () => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-registry-'));
  registry = await startRegistry();
});
afterAll(async () => {
  await registry.stop();
  fs.rmSync(place, { recursive: true, force: true });
});

beforeEach(async () => {
  const data = fs.mkdtempSync(join(place, 'data-'));
  store = createImageStore(systemHost, { data, run: `${data}-run`, tag: 'e2e' }, {});
  await store.open();
});

describe('Debian’s registry', () => {
  test('gives an image that can be run from', async () => {
    await registry.push('team/busybox', '1.0', [
      busyboxRootfs(),
      tar([directory('app/'), file('app/hello', 'hi')]),
    ]);
    const image = await store.pull(`${registry.host}/team/busybox:1.0`, {});
    expect(image.references).toEqual([`${registry.host}/team/busybox:1.0`]);
    const [upper, lower] = await store.lowerDirectories(image.id);
    expect(fs.readFileSync(join(upper as string, 'app/hello'), 'utf8')).toBe('hi');
    expect(fs.statSync(join(lower as string, 'bin/busybox')).size).toBe(fs.statSync('/bin/busybox').size);
  });

  test('gives the same image by the digest it was stored under', async () => {
    await registry.push('team/digest', 'latest', [tar([file('a', '1')])]);
    const image = await store.pull(`${registry.host}/team/digest`, {});
    const again = await store.pull(image.repoDigests[0] as string, {});
    expect(again.id).toBe(image.id);
  });

  test('is asked by `config` for the digests to pin images to', async () => {
    await registry.push('team/pinned', '1', [tar([file('a', '1')])]);
    const image = `${registry.host}/team/pinned:1`;
    const { repoDigests } = await store.pull(image, {});
    const [, digest] = (repoDigests[0] as string).split('@');
    const { ok } = await stack(`services: {web: {image: "${image}"}}`);
    expect(await ok('config', '--lock-image-digests')).toBe(
      `services:\n  web:\n    image: "${image}@${digest}"\n`,
    );
  });

  test('says what it does not have', async () => {
    await expect(store.pull(`${registry.host}/team/none:1`, {})).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    });
  });
});

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { createImageStore, type ImageStore } from '../../src/image/index.ts';
import { busyboxRootfs, directory, file, imageConfig, sha256, tar } from '../image/fixtures.ts';

let place = '';
let host = '';
let registry: ChildProcess;
let store: ImageStore;

beforeAll(async () => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-registry-'));
  host = `127.0.0.1:${await freePort()}`;
  fs.writeFileSync(
    join(place, 'config.yml'),
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(place, 'storage')} } }
http: { addr: ${host} }
`,
  );
  registry = spawn('/usr/bin/docker-registry', ['serve', join(place, 'config.yml')], { stdio: 'ignore' });
  while (!(await isUp())) await sleep(50);
});
afterAll(async () => {
  registry.kill();
  await once(registry, 'exit');
  fs.rmSync(place, { recursive: true, force: true });
});

beforeEach(async () => {
  const data = fs.mkdtempSync(join(place, 'data-'));
  store = createImageStore(systemHost, { data, run: `${data}-run`, tag: 'e2e' }, {});
  await store.open();
});
afterEach(() => {
  for (const name of fs.readdirSync(place))
    if (name.startsWith('data-')) fs.rmSync(join(place, name), { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function isUp(): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/v2/`)).status === 200;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Pushes as the distribution specification says: an upload session, one PUT, then the manifest. */
async function push(repository: string, tag: string, layers: readonly Buffer[]): Promise<void> {
  const put = async (bytes: Buffer, mediaType: string): Promise<object> => {
    const digest = `sha256:${sha256(bytes)}`;
    const session = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(session.headers.get('location') as string);
    location.searchParams.set('digest', digest);
    const answer = await fetch(location, { method: 'PUT', body: new Uint8Array(bytes) });
    expect(answer.status).toBe(201);
    return { mediaType, digest, size: bytes.length };
  };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: await put(imageConfig(layers), 'application/vnd.oci.image.config.v1+json'),
    layers: await Promise.all(
      layers.map((layer) => put(gzipSync(layer), 'application/vnd.oci.image.layer.v1.tar+gzip')),
    ),
  };
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: JSON.stringify(manifest),
  });
  expect(answer.status).toBe(201);
}

describe('Debian’s registry', () => {
  test('gives an image that can be run from', async () => {
    await push('team/busybox', '1.0', [busyboxRootfs(), tar([directory('app/'), file('app/hello', 'hi')])]);
    const image = await store.pull(`${host}/team/busybox:1.0`, {});
    expect(image.references).toEqual([`${host}/team/busybox:1.0`]);
    const [upper, lower] = await store.lowerDirectories(image.id);
    expect(fs.readFileSync(join(upper as string, 'app/hello'), 'utf8')).toBe('hi');
    expect(fs.statSync(join(lower as string, 'bin/busybox')).size).toBe(fs.statSync('/bin/busybox').size);
  });

  test('gives the same image by the digest it was stored under', async () => {
    await push('team/digest', 'latest', [tar([file('a', '1')])]);
    const image = await store.pull(`${host}/team/digest`, {});
    const again = await store.pull(image.repoDigests[0] as string, {});
    expect(again.id).toBe(image.id);
  });

  test('says what it does not have', async () => {
    await expect(store.pull(`${host}/team/none:1`, {})).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  });
});

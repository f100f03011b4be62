/** Debian's `docker-registry` on a free port of 127.0.0.1, and a client that pushes by the distribution specification. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type ImageSettingsJson, imageConfig, sha256 } from '../image/fixtures.ts';

export interface Registry {
  /** `127.0.0.1:PORT`, as references begin. */
  readonly host: string;
  /** Stores an image of these layers (bottom first, uncompressed) there. Answers the manifest's digest. */
  push(
    repository: string,
    tag: string,
    layers: readonly Buffer[],
    settings?: ImageSettingsJson,
  ): Promise<string>;
  stop(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const place = await mkdtemp(join(tmpdir(), 'tsc-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  await writeFile(
    join(place, 'config.yml'),
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${join(place, 'storage')} } }
http: { addr: ${host} }
`,
  );
  const program = spawn('/usr/bin/docker-registry', ['serve', join(place, 'config.yml')], {
    stdio: 'ignore',
  });
  while (!(await isUp(host))) await sleep(50);
  return {
    host,
    push: (...image) => push(host, ...image),
    stop: async () => {
      program.kill();
      await once(program, 'exit');
      await rm(place, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function isUp(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/v2/`)).status === 200;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** An upload session and one PUT for each blob, then the manifest. */
async function push(
  host: string,
  repository: string,
  tag: string,
  layers: readonly Buffer[],
  settings: ImageSettingsJson = {},
): Promise<string> {
  const put = async (bytes: Buffer, mediaType: string): Promise<object> => {
    const digest = `sha256:${sha256(bytes)}`;
    const session = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(session.headers.get('location') as string);
    location.searchParams.set('digest', digest);
    await created(await fetch(location, { method: 'PUT', body: new Uint8Array(bytes) }));
    return { mediaType, digest, size: bytes.length };
  };
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: await put(imageConfig(layers, settings), 'application/vnd.oci.image.config.v1+json'),
    layers: await Promise.all(
      layers.map((layer) =>
        put(gzipSync(layer, { level: 1 }), 'application/vnd.oci.image.layer.v1.tar+gzip'),
      ),
    ),
  });
  await created(
    await fetch(`http://${host}/v2/${repository}/manifests/${tag}`, {
      method: 'PUT',
      headers: { 'content-type': type },
      body: manifest,
    }),
  );
  return `sha256:${sha256(manifest)}`;
}

async function created(answer: Response): Promise<void> {
  if (answer.status !== 201)
    throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
}

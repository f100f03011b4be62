/** A v2 registry in this process, with the manners a test asks for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { imageConfig, sha256 } from './fixtures.ts';

export interface TestRegistry {
  /** `127.0.0.1:<port>`; with TLS `0.0.0.0:<port>`, which is this machine too but not spoken to in plain. */
  readonly host: string;
  /** `METHOD path` of every request, in order, with what it carried as `Authorization`. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[];
  readonly blobs: Map<string, Buffer>;
  /** By tag or digest. */
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** Looks at a request first; true: it has been answered. */
  intercept: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean | Promise<boolean>;
  close(): Promise<void>;
}

/** `tls`: key, certificate and what else Node's server takes. */
export async function startRegistry(tls?: ServerOptions): Promise<TestRegistry> {
  const registry: Omit<TestRegistry, 'host' | 'close'> = {
    requests: [],
    blobs: new Map(),
    manifests: new Map(),
    intercept: () => false,
  };
  const server = listener(tls, (request, response) => {
    const url = new URL(request.url ?? '/', 'http://test');
    registry.requests.push({
      line: `${request.method} ${url.pathname}`,
      authorization: request.headers.authorization,
    });
    void Promise.resolve(registry.intercept(request, response, url)).then((isAnswered) => {
      if (!isAnswered) answer(registry, url, response);
    });
  });
  const port = await listen(server);
  return Object.assign(registry, {
    host: `${tls === undefined ? '127.0.0.1' : '0.0.0.0'}:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

function listener(
  tls: ServerOptions | undefined,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

function answer(
  { blobs, manifests }: Pick<TestRegistry, 'blobs' | 'manifests'>,
  url: URL,
  response: ServerResponse,
) {
  const [, kind, name] = /^\/v2\/.+\/(manifests|blobs)\/([^/]+)$/.exec(url.pathname) ?? [];
  const manifest = kind === 'manifests' ? manifests.get(name as string) : undefined;
  const blob = kind === 'blobs' ? blobs.get(name as string) : undefined;
  if (manifest !== undefined) response.writeHead(200, { 'content-type': manifest.type }).end(manifest.bytes);
  else if (blob !== undefined) response.writeHead(200).end(blob);
  else response.writeHead(404).end('{"errors":[{"code":"NOT_FOUND"}]}');
}

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';
export const ociIndex = 'application/vnd.oci.image.index.v1+json';

/** Publishes an image and answers its manifest's digest. */
export function publish(
  registry: TestRegistry,
  tag: string,
  layers: readonly Buffer[],
  options: {
    readonly type?: string;
    readonly config?: Record<string, unknown>;
    readonly pack?: (layer: Buffer) => Buffer;
  } = {},
): string {
  const { type = ociManifest, config = {}, pack = (layer) => gzipSync(layer) } = options;
  const isDocker = type === dockerManifest;
  const put = (bytes: Buffer, mediaType: string): object => {
    const digest = `sha256:${sha256(bytes)}`;
    registry.blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: put(
        imageConfig(layers, config),
        isDocker
          ? 'application/vnd.docker.container.image.v1+json'
          : 'application/vnd.oci.image.config.v1+json',
      ),
      layers: layers.map((layer) =>
        put(
          pack(layer),
          isDocker
            ? 'application/vnd.docker.image.rootfs.diff.tar.gzip'
            : 'application/vnd.oci.image.layer.v1.tar+gzip',
        ),
      ),
    }),
  );
  return publishManifest(registry, tag, type, manifest);
}

export function publishManifest(registry: TestRegistry, tag: string, type: string, bytes: Buffer): string {
  const digest = `sha256:${sha256(bytes)}`;
  registry.manifests.set(tag, { type, bytes });
  registry.manifests.set(digest, { type, bytes });
  return digest;
}

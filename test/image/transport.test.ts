import * as fs from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { createImageStore, type ImageStore, imageSettings } from '../../src/image/index.ts';
import type { TransportSettings } from '../../src/image/registry/transport.ts';
import { type Certificate, makeAuthority, makeCertificate } from './certificates.ts';
import { file, tar } from './fixtures.ts';
import { publish, startRegistry, type TestRegistry } from './registry-server.ts';

let place = '';
let server: Certificate;
let certificates = '';
let registry: TestRegistry;

beforeAll(() => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-tls-'));
  makeAuthority(place);
  server = makeCertificate(place, 'server', ['IP:0.0.0.0', 'DNS:registry.test']);
  makeCertificate(place, 'client', ['DNS:me']);
});
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

beforeEach(async () => {
  certificates = fs.mkdtempSync(join(place, 'certs.d-'));
  registry = await startRegistry(server);
});
afterEach(() => registry.close());

async function newStore(transport: TransportSettings): Promise<ImageStore> {
  const data = fs.mkdtempSync(join(place, 'data-'));
  const store = createImageStore(
    systemHost,
    { data, run: `${data}-run`, tag: 'abcdef' },
    { transport: { certificates, ...transport } },
  );
  await store.open();
  return store;
}

async function pull(transport: TransportSettings = {}, host = registry.host): Promise<readonly string[]> {
  publish(registry, '1', [tar([file('a', '1')])]);
  const store = await newStore(transport);
  return (await store.pull(`${host}/team/app:1`, {})).references;
}

/** Puts files of `place` where Docker looks for those of a registry. */
function trust(host: string, ...names: readonly string[]): void {
  fs.mkdirSync(join(certificates, host), { recursive: true });
  for (const name of names) fs.copyFileSync(join(place, name), join(certificates, host, name));
}

describe('a registry with TLS', () => {
  test('is not spoken to when nobody we trust has signed its certificate', async () => {
    await expect(pull()).rejects.toMatchObject({
      code: 'REGISTRY_UNTRUSTED',
      message: expect.stringContaining(registry.host),
      hint: expect.stringContaining(`/etc/docker/certs.d/${registry.host}/ca.crt`),
    });
    expect(registry.requests).toEqual([]);
  });

  test('is trusted by an authority of the file that the agent was told of', async () => {
    expect(await pull({ extraAuthorities: join(place, 'ca.crt') })).toEqual([`${registry.host}/team/app:1`]);
  });

  test('is trusted by an authority in its directory, and no other registry is', async () => {
    trust('registry.test', 'ca.crt');
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_UNTRUSTED' });
    trust(registry.host, 'ca.crt');
    expect(await pull()).toEqual([`${registry.host}/team/app:1`]);
  });

  test('is trusted as soon as its authority is there', async () => {
    publish(registry, '1', [tar([file('a', '1')])]);
    const store = await newStore({});
    await expect(store.pull(`${registry.host}/team/app:1`, {})).rejects.toThrow('is not trusted');
    trust(registry.host, 'ca.crt');
    await expect(store.pull(`${registry.host}/team/app:1`, {})).resolves.toBeDefined();
  });

  test('gets our certificate when it asks for one', async () => {
    await registry.close();
    const ca = fs.readFileSync(join(place, 'ca.crt'), 'utf8');
    registry = await startRegistry({ ...server, ca, requestCert: true, rejectUnauthorized: true });
    trust(registry.host, 'ca.crt');
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    trust(registry.host, 'client.cert', 'client.key');
    expect(await pull()).toEqual([`${registry.host}/team/app:1`]);
  });

  test('a certificate without its key is an error that names the directory', async () => {
    trust(registry.host, 'ca.crt', 'client.cert');
    await expect(pull()).rejects.toMatchObject({
      code: 'REGISTRY_CERTIFICATES_INVALID',
      message: expect.stringContaining(join(certificates, registry.host)),
      hint: expect.stringContaining('NAME.key'),
    });
  });
});

describe('behind a proxy', () => {
  let proxy: Proxy;
  const host = 'registry.test:5000';

  beforeEach(async () => {
    trust(host, 'ca.crt');
    trust(registry.host, 'ca.crt');
    proxy = await startProxy(Number(registry.host.split(':')[1]));
  });
  afterEach(() => proxy.close());

  test('a registry is reached through it, over one connection, trusted by its own name', async () => {
    expect(await pull({ proxy: `http://me:secret@${proxy.host}` }, host)).toEqual([`${host}/team/app:1`]);
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    expect(proxy.asked[0]).toEqual({ target: host, authorization: basic });
    expect(registry.requests).toHaveLength(3);
    expect(proxy.asked.length).toBeLessThan(3);
  });

  test('what NO_PROXY names is reached without it', async () => {
    expect(await pull({ proxy: `http://${proxy.host}`, noProxy: '0.0.0.0' })).toHaveLength(1);
    expect(proxy.asked).toEqual([]);
  });

  test('that refuses, it is the proxy that is blamed, without its password', async () => {
    proxy.status = 407;
    await expect(pull({ proxy: `http://me:secret@${proxy.host}` }, host)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: `no registry could be reached at ${host}: the proxy ${proxy.host} answers 407 when asked for ${host}`,
      hint: expect.stringContaining('HTTPS_PROXY'),
    });
  });

  test('that is not there, it is the proxy that is blamed', async () => {
    await proxy.close();
    await expect(pull({ proxy: `http://${proxy.host}` }, host)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining(`the proxy ${proxy.host} cannot be reached`),
    });
  });
});

test('proxies and further authorities are taken from the environment', () => {
  const settings = imageSettings({
    HTTPS_PROXY: 'http://proxy:3128',
    https_proxy: 'http://other:3128',
    no_proxy: '.internal',
    TSCOMPOSE_EXTRA_CA_CERTS: '/etc/ca.pem',
  });
  expect(settings.transport).toEqual({
    proxy: 'http://proxy:3128',
    noProxy: '.internal',
    extraAuthorities: '/etc/ca.pem',
  });
});

interface Proxy {
  readonly host: string;
  readonly asked: { readonly target: string | undefined; readonly authorization: string | undefined }[];
  /** What it answers. */
  status: number;
  close(): Promise<void>;
}

/** Leads everybody to the port, wherever they want to go. */
async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const proxy = { asked: [] as Proxy['asked'], status: 200 };
  const listener = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
    proxy.asked.push({ target: request.url, authorization: request.headers['proxy-authorization'] });
    socket.write(`HTTP/1.1 ${proxy.status} As it is\r\n\r\n`);
    if (proxy.status !== 200) {
      socket.end();
      return;
    }
    const target = connect(port, '127.0.0.1');
    for (const end of [socket, target]) {
      sockets.add(end);
      end.on('error', () => undefined);
    }
    socket.pipe(target).pipe(socket);
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, {
    host: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        listener.close(() => resolve());
        listener.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }),
  });
}

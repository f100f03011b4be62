import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import {
  createImageStore,
  type ImageProgress,
  type ImageRecord,
  type ImageStore,
  platformOfMachine,
} from '../../src/image/index.ts';
import { parseChallenges } from '../../src/image/registry/challenge.ts';
import { directory, file, imageConfig, sha256, tar } from './fixtures.ts';
import {
  dockerManifest,
  ociIndex,
  ociManifest,
  publish,
  publishManifest,
  startRegistry,
  type TestRegistry,
} from './registry-server.ts';

const base = tar([directory('etc/'), file('etc/os-release', 'test')]);
const upper = tar([file('app/run', 'echo')]);

let root = '';
let store: ImageStore;
let registry: TestRegistry;
/** How far the store's clock is ahead, in milliseconds. */
let later = 0;
/** How long it slept where that was a second or more, which takes no time. */
let slept: number[] = [];

beforeEach(async () => {
  root = fs.mkdtempSync(join(tmpdir(), 'tscompose-pull-'));
  registry = await startRegistry();
  later = 0;
  slept = [];
  const clock = {
    ...systemHost.clock,
    now: () => Date.now() + later,
    sleep: async (ms: number, signal?: AbortSignal) =>
      ms < 1000 ? systemHost.clock.sleep(ms, signal) : void slept.push(ms),
  };
  store = createImageStore(
    { ...systemHost, clock },
    { data: join(root, 'data'), run: join(root, 'run'), tag: 'abcdef' },
    { dockerConfigDirectory: join(root, 'docker') },
  );
  await store.open();
});
afterEach(async () => {
  await registry.close();
  fs.rmSync(root, { recursive: true, force: true });
});

function logIn(auths: object): void {
  fs.mkdirSync(join(root, 'docker'), { recursive: true });
  fs.writeFileSync(join(root, 'docker/config.json'), JSON.stringify({ auths }));
}

function pull(name = 'team/app:1', options: Parameters<ImageStore['pull']>[1] = {}): Promise<ImageRecord> {
  return store.pull(`${registry.host}/${name}`, options);
}

const lines = (): string[] => registry.requests.map(({ line }) => line);
const blobLines = (): string[] => lines().filter((line) => line.includes('/blobs/'));

describe('pulling', () => {
  test.each([
    ['an OCI image', ociManifest, (layer: Buffer) => gzipSync(layer)],
    ['a Docker image', dockerManifest, (layer: Buffer) => gzipSync(layer)],
    ['layers that are not compressed', ociManifest, (layer: Buffer) => layer],
    ['layers in zstd', ociManifest, (layer: Buffer) => execFileSync('zstd', ['-c', '-q'], { input: layer })],
  ])('%s stores and unpacks it', async (_what, type, pack) => {
    const digest = publish(registry, '1', [base, upper], { type, pack, config: { User: 'app' } });
    const image = await pull();
    expect(image).toMatchObject({
      references: [`${registry.host}/team/app:1`],
      repoDigests: [`${registry.host}/team/app@${digest}`],
      manifest: digest,
      config: { user: 'app' },
      layerSizes: [4, 4],
    });
    const lower = await store.lowerDirectories(image.id);
    expect(lower.map((path) => fs.readdirSync(path))).toEqual([['app'], ['etc']]);
  });

  test('a reference is resolved to the digest that its tag has now, and nothing is fetched', async () => {
    const digest = publish(registry, '1', [base]);
    expect(await store.resolve(`${registry.host}/team/app:1`)).toBe(`${registry.host}/team/app:1@${digest}`);
    expect(lines()).toEqual(['GET /v2/team/app/manifests/1']);
    registry.requests.length = 0;
    const pinned = `${registry.host}/team/app@${digest}`;
    expect(await store.resolve(pinned)).toBe(pinned);
    expect(lines()).toEqual([]);
    await expect(store.resolve(`${registry.host}/team/app:2`)).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
    });
  });

  test('what is stored is not fetched again, and shared layers come once', async () => {
    publish(registry, '1', [base]);
    publish(registry, '2', [base, upper]);
    await pull('team/app:1');
    registry.requests.length = 0;
    await pull('team/app:2');
    expect(blobLines()).toHaveLength(2);
    registry.requests.length = 0;
    await pull('team/app:2');
    expect(lines()).toEqual(['GET /v2/team/app/manifests/2']);
  });

  test('two pulls at once of one image share one download', async () => {
    publish(registry, '1', [base, upper]);
    const [one, two] = await Promise.all([pull(), pull()]);
    expect(one).toEqual(two);
    expect(new Set(blobLines()).size).toBe(3);
    expect(blobLines()).toHaveLength(3);
  });

  test('one of two who leaves does not end the download for the other', async () => {
    publish(registry, '1', [base]);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    registry.intercept = async (_request, _response, url) => {
      if (url.pathname.includes('/blobs/')) await held;
      return false;
    };
    const leaving = new AbortController();
    const one = pull('team/app:1', { signal: leaving.signal });
    const two = pull();
    await expect.poll(() => blobLines().length).toBe(2);
    leaving.abort(new Error('changed my mind'));
    await expect(one).rejects.toThrow('changed my mind');
    release();
    expect((await two).layerSizes).toEqual([4]);
    expect(blobLines()).toHaveLength(2);
  });

  test('an aborted pull ends at once and leaves no half blob', async () => {
    publish(registry, '1', [base]);
    registry.intercept = (_request, response, url) => {
      if (url.pathname.includes('/blobs/')) response.writeHead(200).write('half');
      return url.pathname.includes('/blobs/');
    };
    const abort = new AbortController();
    const pulling = pull('team/app:1', { signal: abort.signal });
    await expect.poll(() => blobLines().length).toBe(2);
    abort.abort(new Error('stop'));
    await expect(pulling).rejects.toThrow('stop');
    expect(fs.readdirSync(join(root, 'data/images/blobs/sha256'))).toEqual([]);
    await expect.poll(() => fs.readdirSync(join(root, 'data/images/.incoming'))).toEqual([]);
  });

  test('by digest it gets no name but is found by it', async () => {
    const digest = publish(registry, '1', [base]);
    const image = await pull(`team/app@${digest}`);
    expect(image).toMatchObject({ references: [], repoDigests: [`${registry.host}/team/app@${digest}`] });
    expect((await store.find(`${registry.host}/team/app@${digest}`))?.id).toBe(image.id);
  });

  test('when the tag has moved, the image of before stays under its digest', async () => {
    const old = publish(registry, '1', [base]);
    await pull();
    publish(registry, '1', [upper]);
    await pull();
    expect(
      (await store.list()).map(({ references, repoDigests }) => [references.length, repoDigests.length]),
    ).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(await store.find(`${registry.host}/team/app@${old}`)).toBeDefined();
  });

  test('is remembered by time, for the name that was pulled', async () => {
    publish(registry, '1', [base]);
    publish(registry, '2', [base]);
    await pull('team/app:1');
    const first = await store.find(`${registry.host}/team/app:1`);
    expect(first?.pulledAt).toBeTypeOf('number');
    later = 86_400_000;
    await pull('team/app:2');
    await store.tag(`${registry.host}/team/app:1`, 'mine');
    const times = await Promise.all(
      [`${registry.host}/team/app:1`, `${registry.host}/team/app:2`, 'mine'].map(store.find),
    );
    expect(times.map((image) => image?.pulledAt)).toEqual([
      first?.pulledAt,
      expect.toSatisfy((time: number) => time >= (first?.pulledAt as number) + later),
      undefined,
    ]);
    await pull('team/app:1');
    expect((await store.find(`${registry.host}/team/app:1`))?.pulledAt).toBeGreaterThan(
      first?.pulledAt as number,
    );
  });

  test('progress tells of each layer and its size', async () => {
    publish(registry, '1', [base]);
    const told: ImageProgress[] = [];
    await pull('team/app:1', { onProgress: (progress) => told.push(progress) });
    expect([...new Set(told.map(({ phase }) => phase))]).toEqual([
      'resolving',
      'downloading',
      'unpacking',
      'done',
    ]);
    const layer = told
      .filter(({ phase, layer }) => phase === 'downloading' && layer === `sha256:${sha256(gzipSync(base))}`)
      .at(-1);
    expect(layer).toMatchObject({ currentBytes: gzipSync(base).length, totalBytes: gzipSync(base).length });
  });
});

describe('an index', () => {
  const publishIndex = (): { own: string; index: string } => {
    const { architecture } = platformOfMachine();
    const own = publish(registry, 'own', [base]);
    const other = publish(registry, 'other', [upper]);
    const entry = (digest: string, platform: object): object => ({
      mediaType: ociManifest,
      digest,
      size: 500,
      platform,
    });
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: [
          entry(other, { os: 'unknown', architecture: 'unknown' }),
          entry(other, { os: 'linux', architecture: 'mips64le' }),
          entry(own, { os: 'linux', architecture }),
        ],
      }),
    );
    return { own, index: publishManifest(registry, '1', ociIndex, bytes) };
  };

  test('gives this machine’s image, and is what the digest means', async () => {
    const { own, index } = publishIndex();
    expect(await pull()).toMatchObject({
      manifest: own,
      repoDigests: [`${registry.host}/team/app@${index}`],
    });
  });

  test('gives another platform’s image when asked', async () => {
    publishIndex();
    const image = await pull('team/app:1', { platform: 'linux/mips64le' });
    expect(image.config.diffIds).toEqual([`sha256:${sha256(upper)}`]);
  });

  test('without the platform is an error that says what there is', async () => {
    publishIndex();
    await expect(pull('team/app:1', { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      message: expect.stringContaining('is not made for linux/s390x'),
      hint: expect.stringContaining('linux/mips64le'),
    });
  });
});

describe('logging in', () => {
  /** Wants a bearer token; `grant` decides what token a request gets. */
  const wantToken = (
    grant: (request: { method: string; body: string; url: URL; authorization?: string }) => object | number,
  ) => {
    registry.intercept = async (request, response, url) => {
      if (url.pathname === '/token') {
        let body = '';
        for await (const chunk of request) body += chunk;
        const { authorization } = request.headers;
        const answer = grant({
          method: request.method ?? '',
          body,
          url,
          ...(authorization ? { authorization } : {}),
        });
        if (typeof answer === 'number') response.writeHead(answer).end();
        else response.writeHead(200).end(JSON.stringify(answer));
        return true;
      }
      if (request.headers.authorization === 'Bearer good') return false;
      const realm = `http://${registry.host}/token`;
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${realm}",service="test",scope="repository:team/app:pull"`,
        })
        .end();
      return true;
    };
  };

  test('anonymously asks for a token with GET and uses it for all requests', async () => {
    publish(registry, '1', [base]);
    const asked: string[] = [];
    wantToken(({ method, url }) => {
      asked.push(`${method} ${url.searchParams}`);
      return { token: 'good' };
    });
    await pull();
    expect(asked).toEqual(['GET service=test&scope=repository%3Ateam%2Fapp%3Apull']);
  });

  test('with a password posts it', async () => {
    publish(registry, '1', [base]);
    logIn({ [registry.host]: { auth: Buffer.from('me:secret').toString('base64') } });
    const asked: string[] = [];
    wantToken(({ method, body }) => {
      asked.push(
        `${method} ${new URLSearchParams(body).get('grant_type')} ${new URLSearchParams(body).get('password')}`,
      );
      return { access_token: 'good', expires_in: 300 };
    });
    await pull();
    expect(asked).toEqual(['POST password secret']);
  });

  test('with a password falls back to GET where POST is not known', async () => {
    publish(registry, '1', [base]);
    logIn({ [registry.host]: { username: 'me', password: 'secret' } });
    wantToken(({ method, authorization }) =>
      method === 'POST'
        ? 405
        : authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`
          ? { token: 'good' }
          : 401,
    );
    expect(await pull()).toBeDefined();
  });

  test('with an identity token posts that', async () => {
    publish(registry, '1', [base]);
    logIn({ [registry.host]: { identitytoken: 'mine' } });
    wantToken(({ body }) =>
      new URLSearchParams(body).get('refresh_token') === 'mine' ? { access_token: 'good' } : 401,
    );
    expect(await pull()).toBeDefined();
  });

  test('a token that has run out is asked for again', async () => {
    publish(registry, '1', [base]);
    publish(registry, '2', [upper]);
    let asked = 0;
    wantToken(() => {
      asked++;
      return { token: 'good', expires_in: 300 };
    });
    await pull();
    await pull('team/app:2');
    expect(asked).toBe(1);
    later = 300_000;
    await pull();
    expect(asked).toBe(2);
  });

  test('basic authentication sends the password, and only then', async () => {
    publish(registry, '1', [base]);
    logIn({ [registry.host]: { auth: Buffer.from('me:sec:ret').toString('base64') } });
    const basic = `Basic ${Buffer.from('me:sec:ret').toString('base64')}`;
    registry.intercept = (request, response) => {
      if (request.headers.authorization === basic) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    await pull();
    expect(registry.requests.map(({ authorization }) => authorization)).toEqual([
      undefined,
      basic,
      basic,
      basic,
    ]);
  });

  test.each([
    ['no login', {}],
    ['a wrong login', { auth: Buffer.from('me:secret').toString('base64') }],
  ])('%s is told, without the secret', async (_what, entry) => {
    logIn({ [registry.host]: entry });
    wantToken(() => 401);
    const error = await pull().catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({
      code: 'REGISTRY_UNAUTHORIZED',
      message: expect.stringContaining(registry.host),
      hint: expect.stringContaining('config.json'),
    });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain('secret');
  });

  test('challenges are read whatever their order and quoting', () => {
    const header = 'Basic realm="a, b=c", Bearer realm="https://x/token" , service=reg,scope="a:b \\"q\\""';
    expect(parseChallenges(header)).toEqual([
      { scheme: 'basic', parameters: { realm: 'a, b=c' } },
      { scheme: 'bearer', parameters: { realm: 'https://x/token', service: 'reg', scope: 'a:b "q"' } },
    ]);
  });
});

describe('redirects', () => {
  test('are followed, and another host never sees the token', async () => {
    const storage = await startRegistry();
    try {
      publish(registry, '1', [base]);
      for (const [digest, bytes] of registry.blobs) storage.blobs.set(digest, bytes);
      logIn({ [registry.host]: { auth: Buffer.from('me:secret').toString('base64') } });
      registry.intercept = (request, response, url) => {
        if (request.headers.authorization === undefined)
          response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        else if (url.pathname.includes('/blobs/'))
          response.writeHead(307, { location: `http://${storage.host}${url.pathname}?signed=1` }).end();
        else return false;
        return true;
      };
      await pull();
      expect(storage.requests.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
    } finally {
      await storage.close();
    }
  });

  test('without end are an error', async () => {
    registry.intercept = (_request, response, url) => {
      response.writeHead(302, { location: url.pathname }).end();
      return true;
    };
    await expect(pull()).rejects.toMatchObject({
      code: 'REGISTRY_FAILED',
      message: expect.stringContaining('without end'),
    });
  });
});

describe('a download', () => {
  /** No two bytes alike, and more than arrives at once. */
  const layer = tar([
    file('data', Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 5))),
  ]);
  const digest = `sha256:${sha256(layer)}`;
  let asked: (string | undefined)[] = [];

  /** Answers requests for the layer one after the other; further ones as the registry does. */
  const answering = (
    ...answers: readonly ((request: IncomingMessage, response: ServerResponse) => void)[]
  ) => {
    publish(registry, '1', [layer], { pack: (bytes) => bytes });
    asked = [];
    registry.intercept = (request, response, url) => {
      if (!url.pathname.endsWith(digest)) return false;
      const answer = answers[asked.push(request.headers.range) - 1];
      answer?.(request, response);
      return answer !== undefined;
    };
  };
  const status =
    (code: number, headers = {}) =>
    (_request: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(code, headers).end();
  /** Sends up to there, and hangs up. */
  const breakOff = (to: number) => (_request: IncomingMessage, response: ServerResponse) =>
    void response
      .writeHead(200, { 'content-length': layer.length })
      .write(layer.subarray(0, to), () => response.destroy());
  const rest = ({ headers }: IncomingMessage, response: ServerResponse) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1]);
    const range = `bytes ${from}-${layer.length - 1}/${layer.length}`;
    response.writeHead(206, { 'content-range': range }).end(layer.subarray(from));
  };

  test('that breaks off goes on where it stopped', async () => {
    answering(breakOff(100_000), rest);
    expect((await pull()).layerSizes).toEqual([200_000]);
    expect(asked).toEqual([undefined, 'bytes=100000-']);
    expect(slept).toEqual([1000]);
  });

  test('is put together as well where the registry knows no ranges', async () => {
    answering(breakOff(100_000), breakOff(150_000));
    expect((await pull()).layerSizes).toEqual([200_000]);
    expect(asked).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
  });

  test('whose rest is that of something else is not kept', async () => {
    answering(breakOff(100_000), (_request, response) => {
      const range = `bytes 100000-${layer.length - 1}/${layer.length}`;
      response.writeHead(206, { 'content-range': range }).end(Buffer.alloc(layer.length - 100_000));
    });
    await expect(pull()).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    expect(fs.readdirSync(join(root, 'data/images/blobs/sha256'))).not.toContain(digest.slice(7));
  });

  test.each([500, 502, 503, 429])('is tried again after %d', async (code) => {
    answering(status(code), status(code));
    expect((await pull()).layerSizes).toEqual([200_000]);
    expect(slept).toEqual([1000, 2000]);
  });

  test('waits as long as the registry says, in seconds or until a date', async () => {
    const inTwenty = new Date(Date.now() + 20_500).toUTCString();
    answering(status(429, { 'retry-after': '30' }), status(503, { 'retry-after': inTwenty }));
    await pull();
    expect(slept).toEqual([30_000, expect.toSatisfy((ms: number) => ms > 15_000 && ms <= 20_500)]);
  });

  test('does not wait for what the registry puts off for long', async () => {
    answering(status(429, { 'retry-after': '3600' }));
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_LIMITED' });
    expect(slept).toEqual([]);
  });

  test('is given up after five attempts, ever further apart', async () => {
    answering(...Array.from({ length: 9 }, () => status(503)));
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
    expect(slept).toEqual([1000, 2000, 4000, 8000]);
    expect(asked).toHaveLength(5);
  });

  test.each([
    [404, 'IMAGE_NOT_FOUND'],
    [403, 'REGISTRY_UNAUTHORIZED'],
    [400, 'REGISTRY_FAILED'],
  ])('is not tried again after %d', async (code, error) => {
    answering(status(code));
    await expect(pull()).rejects.toMatchObject({ code: error });
    expect(asked).toHaveLength(1);
  });
});

describe('a registry that does not do its part', () => {
  test('has no such image', async () => {
    await expect(pull()).rejects.toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      message: `the registry ${registry.host} has no image ${registry.host}/team/app:1`,
      hint: expect.stringContaining('tscompose image load'),
    });
  });

  test('is not there', async () => {
    const { host } = registry;
    await registry.close();
    await expect(store.pull(`${host}/app`, {})).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining(`no registry could be reached at ${host}`),
      hint: expect.stringContaining('tscompose image load'),
    });
    registry = await startRegistry();
  });

  test.each([
    [403, 'REGISTRY_UNAUTHORIZED'],
    [429, 'REGISTRY_LIMITED'],
    [500, 'REGISTRY_FAILED'],
  ])('answers with %d', async (status, code) => {
    registry.intercept = (_request, response) => {
      response.writeHead(status).end();
      return true;
    };
    await expect(pull()).rejects.toMatchObject({ code });
  });

  test('breaks off in the middle', async () => {
    publish(registry, '1', [base]);
    registry.intercept = (_request, response, url) => {
      if (!url.pathname.includes('/blobs/')) return false;
      response.writeHead(200, { 'content-length': '100000' }).write('half', () => response.destroy());
      return true;
    };
    await expect(pull()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  test.each([
    ['sends another blob', (): Buffer => Buffer.from('something else')],
    ['sends more than it promised', (whole: Buffer): Buffer => Buffer.concat([whole, whole])],
  ])('%s: nothing of it is kept', async (_what, spoil) => {
    publish(registry, '1', [base]);
    const digest = `sha256:${sha256(gzipSync(base))}`;
    registry.blobs.set(digest, spoil(gzipSync(base)));
    await expect(pull()).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    expect(fs.readdirSync(join(root, 'data/images/blobs/sha256'))).not.toContain(digest.slice(7));
    expect(await store.list()).toEqual([]);
  });

  test('sends another manifest than the digest asked for', async () => {
    publish(registry, '1', [base]);
    const wanted = `sha256:${'1'.repeat(64)}`;
    registry.manifests.set(wanted, registry.manifests.get('1') as never);
    await expect(pull(`app@${wanted}`)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });

  test('promises a layer that unpacks to something else', async () => {
    const layer = gzipSync(base);
    const config = imageConfig([upper]);
    for (const bytes of [layer, config]) registry.blobs.set(`sha256:${sha256(bytes)}`, bytes);
    const manifest = {
      schemaVersion: 2,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: `sha256:${sha256(config)}`,
        size: config.length,
      },
      layers: [{ mediaType: '', digest: `sha256:${sha256(layer)}`, size: layer.length }],
    };
    publishManifest(registry, '1', ociManifest, Buffer.from(JSON.stringify(manifest)));
    await expect(pull()).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    expect(fs.readdirSync(join(root, 'data/layers'))).toEqual([]);
  });

  test('holds something that is no container image under that name', async () => {
    const config = Buffer.from('{}');
    registry.blobs.set(`sha256:${sha256(config)}`, config);
    const manifest = {
      schemaVersion: 2,
      config: {
        mediaType: 'application/vnd.cncf.helm.config.v1+json',
        digest: `sha256:${sha256(config)}`,
        size: 2,
      },
      layers: [],
    };
    publishManifest(registry, '1', ociManifest, Buffer.from(JSON.stringify(manifest)));
    await expect(pull()).rejects.toMatchObject({ code: 'IMAGE_UNSUPPORTED' });
  });
});

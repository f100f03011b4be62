import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import {
  createImageStore,
  type Digest,
  type ImageStore,
  imageHistory,
  inspectImage,
} from '../../src/image/index.ts';
import { createTarReader } from '../../src/image/tar/reader.ts';
import { directory, dockerArchive, file, imageConfig, sha256, symlink, tar } from './fixtures.ts';

let root = '';
let store: ImageStore;

beforeEach(async () => {
  root = fs.mkdtempSync(join(tmpdir(), 'tscompose-images-'));
  store = await openStore();
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

async function openStore(): Promise<ImageStore> {
  const opened = createImageStore(
    systemHost,
    { data: join(root, 'data'), run: join(root, 'run'), tag: 'abcdef' },
    {},
  );
  await opened.open();
  return opened;
}

const base = tar([directory('etc/'), file('etc/os-release', 'test')]);
const upper = tar([file('app/run', 'echo')]);
const other = tar([file('other', 'x')]);

function stream(bytes: Buffer): Readable {
  return Readable.from([bytes.subarray(0, 700), bytes.subarray(700)].filter((part) => part.length > 0));
}

const app = dockerArchive([
  {
    references: ['app:1', 'registry.test:5000/team/app:stable'],
    layers: [base, upper],
    config: { User: 'app' },
  },
]);

function load(archive: Buffer) {
  return store.load(stream(archive));
}

const unused = { usedBy: () => undefined };

function stored(): { blobs: string[]; layers: string[]; links: string[]; incoming: string[] } {
  const names = (...path: string[]): string[] => fs.readdirSync(join(root, 'data', ...path)).sort();
  return {
    blobs: names('images', 'blobs', 'sha256'),
    layers: names('layers'),
    links: names('l'),
    incoming: names('images', '.incoming'),
  };
}

const nothing = { blobs: [], layers: [], links: [], incoming: [] };

describe('loading', () => {
  test.each([
    ['plain', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes)],
  ])('a docker-archive in %s gives the image with all its names', async (_name, pack) => {
    const [image] = await load(pack(app));
    expect(image).toMatchObject({
      id: `sha256:${sha256(imageConfig([base, upper], { User: 'app' }))}`,
      references: ['app:1', 'registry.test:5000/team/app:stable'],
      createdAt: Date.parse('2024-01-02T03:04:05Z'),
      sizeBytes: 8,
      layerSizes: [4, 4],
      config: { user: 'app', cmd: ['sh'], diffIds: [base, upper].map((layer) => `sha256:${sha256(layer)}`) },
    });
  });

  test('layers are unpacked, topmost first, and read through links that stay right when the store is moved', async () => {
    const [image] = await load(app);
    const lower = await store.lowerDirectories((image as { id: Digest }).id);
    expect(lower.map((path) => fs.readdirSync(path))).toEqual([['app'], ['etc']]);
    fs.renameSync(join(root, 'data'), join(root, 'moved'));
    const moved = lower.map((path) => path.replace('/data/', '/moved/'));
    expect(moved.map((path) => fs.readdirSync(path))).toEqual([['app'], ['etc']]);
  });

  test('a layer two images share is stored and unpacked once', async () => {
    await load(
      dockerArchive([
        { references: ['one'], layers: [base, upper] },
        { references: ['two'], layers: [base, other] },
      ]),
    );
    const one = await store.lowerDirectories(((await store.find('one')) as { id: Digest }).id);
    const two = await store.lowerDirectories(((await store.find('two')) as { id: Digest }).id);
    expect(one[1]).toBe(two[1]);
    expect(stored().layers).toHaveLength(3);
  });

  test('an OCI layout is taken too, its manifest’s digest kept, what attests to it left out', async () => {
    const layer = gzipSync(upper);
    const config = imageConfig([upper]);
    const manifest = JSON.stringify({
      schemaVersion: 2,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: `sha256:${sha256(config)}`,
        size: config.length,
      },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
          digest: `sha256:${sha256(layer)}`,
          size: layer.length,
        },
      ],
    });
    const attestation = Buffer.from(manifest.replace(sha256(layer), sha256(config)));
    const index = {
      schemaVersion: 2,
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: `sha256:${sha256(attestation)}`,
          size: attestation.length,
          platform: { os: 'unknown', architecture: 'unknown' },
        },
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: `sha256:${sha256(manifest)}`,
          size: manifest.length,
          annotations: { 'org.opencontainers.image.ref.name': 'example.com/oci:v1' },
        },
      ],
    };
    const blobs = [layer, config, Buffer.from(manifest), attestation].map((bytes) =>
      file(`blobs/sha256/${sha256(bytes)}`, bytes),
    );
    const [image, ...others] = await load(
      tar([...blobs, file('oci-layout', '{}'), file('index.json', JSON.stringify(index))]),
    );
    expect(image).toMatchObject({
      references: ['example.com/oci:v1'],
      manifest: `sha256:${sha256(manifest)}`,
    });
    expect(others).toEqual([]);
  });

  test('what is loaded is told by the names in the archive, not by others that the image has', async () => {
    await load(dockerArchive([{ references: ['one'], layers: [base] }]));
    const again = await load(dockerArchive([{ references: ['two'], layers: [base] }]));
    expect(again.map(({ references }) => references)).toEqual([['two:latest']]);
    expect((await store.find('one'))?.references).toEqual(['one:latest', 'two:latest']);
  });

  test('layers that an old archive shares by links are followed', async () => {
    const config = imageConfig([base, base]);
    const archive = tar([
      file('one/layer.tar', base),
      symlink('two/layer.tar', '../one/layer.tar'),
      file('c.json', config),
      file(
        'manifest.json',
        JSON.stringify([{ Config: 'c.json', RepoTags: null, Layers: ['one/layer.tar', 'two/layer.tar'] }]),
      ),
    ]);
    expect(await load(archive)).toMatchObject([{ references: [], layerSizes: [4, 4] }]);
  });

  test('a second image of a name takes the name, and the first stays without', async () => {
    const [first] = await load(dockerArchive([{ references: ['x'], layers: [base] }]));
    const [second] = await load(dockerArchive([{ references: ['x'], layers: [upper] }]));
    expect((await store.list()).map(({ id, references }) => [id, references])).toEqual([
      [first?.id, []],
      [second?.id, ['x:latest']],
    ]);
  });

  test.each([
    ['no archive at all', Buffer.from('hello '.repeat(200)), 'this is no tar archive'],
    ['nothing', Buffer.alloc(0), 'the archive is empty'],
    ['a tar that is no image', tar([file('readme', 'x')]), 'it is no image archive'],
    ['an archive cut short', app.subarray(0, app.length - 2000), 'ends too early'],
    [
      'an archive that lacks a layer',
      tar([file('manifest.json', '[{"Config":"c","Layers":[]}]')]),
      'lacks "c"',
    ],
    ['an archive whose list is no JSON', tar([file('manifest.json', '{')]), 'no JSON'],
    [
      'a layer of other content',
      app
        .subarray()
        .map((byte, at) =>
          at > 512 && app.subarray(at - 4, at + 1).equals(Buffer.from('\0echo')) ? 0x45 : byte,
        ) as Buffer,
      'has the content of',
    ],
  ])('%s is refused and leaves nothing', async (_what, archive, why) => {
    await expect(load(Buffer.from(archive))).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
      message: expect.stringContaining(why),
    });
    expect({ ...stored(), links: [] }).toEqual(nothing);
  });
});

describe('finding', () => {
  test('an image is found by each way to write its name, by id and by the beginning of it', async () => {
    const [image] = await load(app);
    const id = (image as { id: Digest }).id;
    const ways = [
      'app:1',
      'docker.io/library/app:1',
      'registry.test:5000/team/app:stable',
      id,
      id.slice(7),
      id.slice(7, 19),
      id.slice(0, 12),
    ];
    for (const way of ways) expect((await store.find(way))?.id).toBe(id);
    for (const way of ['app', 'app:2', 'team/app:stable', 'ffffff'])
      expect(await store.find(way)).toBeUndefined();
  });

  test('the beginning of several ids is an error', async () => {
    const ids = new Map<string, number>();
    for (let count = 0; count < 200; count++) {
      const [image] = await load(
        dockerArchive([{ layers: [], config: { Labels: { count: String(count) } } }]),
      );
      const prefix = (image as { id: Digest }).id.slice(7, 10);
      ids.set(prefix, (ids.get(prefix) ?? 0) + 1);
      if (ids.get(prefix) === 2) {
        await expect(store.find(prefix)).rejects.toMatchObject({
          code: 'IMAGE_AMBIGUOUS',
          hint: 'write more of the id',
        });
        return;
      }
    }
    throw new Error('no two ids began alike');
  });
});

describe('tagging', () => {
  test('gives the image one name more', async () => {
    await load(app);
    await store.tag('app:1', 'app:2');
    expect((await store.find('app:2'))?.references).toEqual([
      'app:1',
      'registry.test:5000/team/app:stable',
      'app:2',
    ]);
  });

  test.each([
    ['nothing', 'app:2', 'IMAGE_NOT_FOUND'],
    ['app:1', 'App', 'IMAGE_REFERENCE_INVALID'],
    ['app:1', `app@sha256:${'0'.repeat(64)}`, 'IMAGE_REFERENCE_INVALID'],
  ])('%s as %s is refused with %s', async (source, target, code) => {
    await load(app);
    await expect(store.tag(source, target)).rejects.toMatchObject({ code });
  });
});

describe('removing', () => {
  test('one name of several only takes the name', async () => {
    await load(app);
    expect(await store.remove('app:1', unused)).toEqual([{ untagged: 'app:1' }]);
    expect((await store.list())[0]?.references).toEqual(['registry.test:5000/team/app:stable']);
  });

  test('the last name takes the image and everything only it needs', async () => {
    await load(
      dockerArchive([
        { references: ['one'], layers: [base, upper] },
        { references: ['two'], layers: [base] },
      ]),
    );
    const one = (await store.find('one')) as { id: Digest };
    const removed = await store.remove('one', unused);
    expect(removed.slice(0, 2)).toEqual([{ untagged: 'one:latest' }, { deleted: one.id }]);
    expect(removed).toHaveLength(3);
    const left = stored();
    expect([left.blobs.length, left.layers.length, left.links.length]).toEqual([3, 1, 1]);
    await store.remove('two', unused);
    expect(stored()).toEqual(nothing);
  });

  test('an image a container uses is refused and the container named', async () => {
    await load(dockerArchive([{ references: ['x'], layers: [base] }]));
    await expect(store.remove('x', { usedBy: () => 'web-1' })).rejects.toMatchObject({
      code: 'IMAGE_IN_USE',
      message: 'the image x:latest is used by the container web-1',
      hint: 'remove the container web-1 first',
    });
  });

  test('by force, an image a container uses loses its names but keeps its layers', async () => {
    const [image] = await load(dockerArchive([{ references: ['x'], layers: [base] }]));
    expect(await store.remove('x', { force: true, usedBy: () => 'web-1' })).toEqual([
      { untagged: 'x:latest' },
    ]);
    const [lower] = await store.lowerDirectories((image as { id: Digest }).id);
    expect(fs.readdirSync(lower as string)).toEqual(['etc']);
  });

  test('by force, an image that a container uses and that has no name is refused', async () => {
    const [image] = await load(dockerArchive([{ layers: [base] }]));
    const id = (image as { id: Digest }).id;
    await expect(store.remove(id, { force: true, usedBy: () => 'web-1' })).rejects.toMatchObject({
      code: 'IMAGE_IN_USE',
    });
  });

  test('by id, an image of several names needs force', async () => {
    const [image] = await load(app);
    const id = (image as { id: Digest }).id;
    await expect(store.remove(id, unused)).rejects.toMatchObject({ code: 'IMAGE_HAS_SEVERAL_NAMES' });
    expect((await store.remove(id, { ...unused, force: true })).slice(0, 3)).toEqual([
      { untagged: 'app:1' },
      { untagged: 'registry.test:5000/team/app:stable' },
      { deleted: id },
    ]);
    expect(stored()).toEqual(nothing);
  });

  test('what is not there is an error', async () => {
    await expect(store.remove('x', unused)).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  });
});

describe('saving', () => {
  test('what is saved loads to the same images elsewhere', async () => {
    await load(app);
    await load(dockerArchive([{ references: ['two'], layers: [base, other] }]));
    const archive = await buffer(await store.save(['app:1', 'two']));
    const before = await store.list();
    fs.rmSync(join(root, 'data'), { recursive: true });
    store = await openStore();
    const after = await load(archive);
    expect(after.map(({ id, references, manifest }) => [id, references, manifest])).toEqual([
      [before[0]?.id, ['app:1'], before[0]?.manifest],
      [before[1]?.id, ['two:latest'], before[1]?.manifest],
    ]);
  });

  test('the archive holds what images share once, for old readers and new', async () => {
    await load(
      dockerArchive([
        { references: ['one', 'uno'], layers: [base, upper] },
        { references: ['two'], layers: [base] },
      ]),
    );
    const archive = await buffer(await store.save(['one', 'two', 'uno']));
    const names: string[] = [];
    for (const event of createTarReader().feed(archive))
      if (event.kind === 'entry') names.push(event.entry.name);
    expect(names.filter((name) => /^blobs\/sha256\/./.test(name))).toHaveLength(6);
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(-4)).toEqual(['index.json', 'manifest.json', 'oci-layout', 'repositories']);
    expect(await buffer(await store.save(['one', 'two', 'uno']))).toEqual(archive);
  });

  test('an image that is not there is an error before anything is written', async () => {
    await expect(store.save(['nothing'])).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
  });
});

describe('importing', () => {
  test('a root file system becomes an image of one layer with the changes applied', async () => {
    const image = await store.import(stream(gzipSync(base)), {
      reference: 'mine:1',
      changes: ['CMD ["sh", "-l"]', 'ENV A=1 B="two words"', 'EXPOSE 80 53/udp', 'USER app', 'WORKDIR /srv'],
      message: 'from a test',
    });
    expect(image).toMatchObject({
      references: ['mine:1'],
      config: {
        cmd: ['sh', '-l'],
        env: ['A=1', 'B=two words'],
        exposedPorts: ['80/tcp', '53/udp'],
        user: 'app',
        workingDir: '/srv',
        diffIds: [`sha256:${sha256(base)}`],
        history: [{ comment: 'from a test', emptyLayer: false }],
      },
    });
  });

  test('a wrong change is refused before anything is stored', async () => {
    const wrong = store.import(stream(base), { changes: ['RUN true'] });
    await expect(wrong).rejects.toMatchObject({ code: 'IMAGE_CHANGE_INVALID' });
    expect(stored()).toEqual(nothing);
  });
});

describe('showing', () => {
  test('inspect has Docker’s shape', async () => {
    const [image] = await load(app);
    expect(inspectImage(image as never)).toEqual({
      Id: image?.id,
      RepoTags: ['app:1', 'registry.test:5000/team/app:stable'],
      RepoDigests: [],
      Parent: '',
      Comment: '',
      Created: '2024-01-02T03:04:05Z',
      Author: '',
      Config: {
        User: 'app',
        Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
        Cmd: ['sh'],
        Volumes: null,
        WorkingDir: '',
        Entrypoint: null,
        Labels: null,
      },
      Architecture: image?.config.architecture,
      Os: 'linux',
      Size: 8,
      RootFS: { Type: 'layers', Layers: image?.config.diffIds },
    });
  });

  test('history has a row an instruction, newest first, with the size of its layer', async () => {
    const [image] = await load(app);
    expect(
      imageHistory(image as never).map(({ id, sizeBytes, createdBy }) => [id, sizeBytes, createdBy]),
    ).toEqual([
      [image?.id, 4, 'made for a test'],
      ['<missing>', 4, 'made for a test'],
    ]);
  });
});

describe('after a crash', () => {
  test('half written blobs and layers are gone, whole images stay', async () => {
    const [image] = await load(app);
    fs.mkdirSync(join(root, 'data/layers/.unpacking-1/diff/etc'), { recursive: true });
    fs.writeFileSync(join(root, 'data/images/.incoming/1-1'), 'half');
    fs.symlinkSync('../layers/none/diff', join(root, 'data/l/none1'));
    store = await openStore();
    const left = stored();
    expect([left.layers.length, left.links.length, left.incoming.length]).toEqual([2, 2, 0]);
    expect((await store.list()).map(({ id }) => id)).toEqual([image?.id]);
  });

  test('layers of no image are removed, their blobs kept for the pull that goes on', async () => {
    await load(app);
    fs.rmSync(join(root, 'data/images/index.json'));
    store = await openStore();
    expect([stored().layers.length, stored().blobs.length]).toEqual([0, 4]);
  });

  test('a layer a power loss may have damaged is unpacked again when it is needed', async () => {
    const [image] = await load(dockerArchive([{ references: ['x'], layers: [base] }]));
    const [name] = stored().layers;
    const recordPath = join(root, 'data/layers', name as string, 'layer.json');
    const record = JSON.parse(fs.readFileSync(recordPath, 'utf8'));
    fs.writeFileSync(recordPath, JSON.stringify({ ...record, unsettledSince: 'an earlier boot' }));
    fs.writeFileSync(join(root, 'data/layers', name as string, 'diff/etc/os-release'), '');
    store = await openStore();
    expect(stored().layers).toEqual([]);
    const [lower] = await store.lowerDirectories((image as { id: Digest }).id);
    expect(fs.readFileSync(join(lower as string, 'etc/os-release'), 'utf8')).toBe('test');
  });

  test('an image whose description was not on disk yet is forgotten', async () => {
    const [image] = await load(app);
    fs.writeFileSync(join(root, 'data/images/blobs/sha256', (image as { id: string }).id.slice(7)), '');
    store = await openStore();
    expect(await store.list()).toEqual([]);
  });

  test('several at once change the catalogue without losing an entry', async () => {
    const archives = Array.from({ length: 8 }, (_, at) =>
      dockerArchive([{ references: [`n:${at}`], layers: [base], config: { Labels: { at: String(at) } } }]),
    );
    await Promise.all(archives.map(load));
    expect((await store.list()).flatMap(({ references }) => references).sort()).toEqual(
      archives.map((_, at) => `n:${at}`),
    );
  });
});

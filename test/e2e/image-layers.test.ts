import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemHost } from '../../src/host/system-host.ts';
import { getAttribute, listAttributes } from '../../src/host/tree-attributes.ts';
import { pathBytes } from '../../src/host/tree-nodes.ts';
import { createImageStore, type ImageRecord, type ImageStore } from '../../src/image/index.ts';
import { directory, dockerArchive, file, hardlink, type Member, symlink, tar } from '../image/fixtures.ts';

let place = '';
let worker = '';
let runs = 0;
let data = '';
let store: ImageStore;

beforeAll(() => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-image-'));
  worker = bundle('src/image/layer-worker.ts', 'layer-worker.cjs');
});
afterAll(() => fs.rmSync(place, { recursive: true, force: true }));

beforeEach(async () => {
  data = join(place, `data-${++runs}`);
  store = await openStore();
});

/** As the build does it, into the test's own directory. */
function bundle(entry: string, name: string): string {
  buildSync({
    entryPoints: [entry],
    outfile: join(place, name),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    external: ['koffi'],
  });
  fs.rmSync(join(place, 'node_modules'), { force: true });
  fs.symlinkSync(join(process.cwd(), 'node_modules'), join(place, 'node_modules'));
  return join(place, name);
}

async function openStore(): Promise<ImageStore> {
  const opened = createImageStore(
    systemHost,
    { data, run: `${data}-run`, tag: 'e2e' },
    { layerWorker: worker },
  );
  await opened.open();
  return opened;
}

/** The names below the mounted stack, as a container would see them. Mounted in a namespace that ends with the shell. */
function mounted(lower: readonly string[], script: string): string {
  const target = fs.mkdtempSync(join(place, 'mnt-'));
  const options = `lowerdir=${[...lower, join(place, 'nothing')].join(':')}`;
  fs.mkdirSync(join(place, 'nothing'), { recursive: true });
  const mount = 'mount -t overlay overlay -o "$1" "$2" && cd "$2" && eval "$3"';
  const argv = ['--mount', '--propagation', 'private', 'sh', '-c', mount, 'sh', options, target, script];
  return execFileSync('unshare', argv, { encoding: 'utf8' });
}

async function stackOf(layers: readonly (readonly Member[])[]): Promise<readonly string[]> {
  const archive = dockerArchive([{ references: ['stack'], layers: layers.map(tar) }]);
  const [image] = await store.load(Readable.from([archive]));
  return store.lowerDirectories((image as ImageRecord).id);
}

const list = 'find . -mindepth 1 -printf "%P %y\\n" | sort';

describe('a tree of this Debian', () => {
  /** What a person or program could notice about each file. */
  function facts(root: string): string[] {
    const format = '%P|%y|%m|%U|%G|%s|%T@|%l|%n\\n';
    const lines = execFileSync('find', [root, '-printf', format], { encoding: 'latin1', maxBuffer: 1 << 28 });
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (line.split('|')[1] === 'd' ? line.replace(/\|\d+(\|[^|]+\|[^|]*\|)\d+$/, '|$1') : line))
      .sort();
  }

  function contents(root: string): string {
    const script = 'find . -type f -print0 | sort -z | xargs -0 sha256sum';
    return execFileSync('sh', ['-c', script], { cwd: root, encoding: 'latin1', maxBuffer: 1 << 28 });
  }

  test.each([
    ['plain, in PAX format', 'pax', (bytes: Buffer) => bytes],
    ['gzip, in GNU format', 'gnu', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
  ])('is unpacked as GNU tar unpacks it: %s', async (_title, format, pack) => {
    const source = join(place, `source-${format}`);
    fs.mkdirSync(source);
    const parts = [
      'etc',
      'var/lib/dpkg',
      'usr/share/zoneinfo',
      'usr/share/ca-certificates',
      'usr/lib/udev',
      'usr/sbin',
    ];
    const copy = ['-C', '/', '--ignore-failed-read', '--warning=no-file-changed', '-cf', '-', ...parts];
    const taken = execFileSync('tar', copy, { maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] });
    execFileSync('tar', ['-C', source, '-xpf', '-'], { input: taken });
    execFileSync('mknod', [join(source, 'null'), 'c', '1', '3']);
    execFileSync('mkfifo', [join(source, 'pipe')]);
    fs.writeFileSync(Buffer.from(`${source}/caf\xe9`, 'latin1'), 'latin name');
    const archive = join(place, `${format}.tar`);
    execFileSync('tar', [`--format=${format}`, '-C', source, '-cf', archive, '.']);
    const expected = join(place, `expected-${format}`);
    fs.mkdirSync(expected);
    execFileSync('tar', ['-C', expected, '-xpf', archive]);

    const image = await store.import(Readable.from([pack(fs.readFileSync(archive))]), {});
    const [lower] = await store.lowerDirectories(image.id);
    const found = fs.realpathSync(lower as string);
    expect(facts(found).length).toBeGreaterThan(1000);
    expect(facts(found)).toEqual(facts(expected));
    expect(contents(found)).toBe(contents(expected));
  });

  test('keeps extended attributes and links as tar --xattrs writes them', async () => {
    const source = join(place, 'attributes');
    fs.mkdirSync(source);
    fs.writeFileSync(join(source, 'program'), 'x');
    const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex');
    const { setAttribute } = await import('../../src/host/tree-attributes.ts');
    setAttribute(pathBytes(join(source, 'program')), 'security.capability', capability);
    setAttribute(pathBytes(join(source, 'program')), 'user.note', Buffer.from('a\nb=\0c'));
    fs.linkSync(join(source, 'program'), join(source, 'same'));
    const args = ['--xattrs', '--xattrs-include=*', '--format=pax', '-C', source, '-cf', '-', '.'];
    const archive = execFileSync('tar', args);
    const image = await store.import(Readable.from([archive]), {});
    const [lower] = await store.lowerDirectories(image.id);
    const program = pathBytes(join(fs.realpathSync(lower as string), 'program'));
    expect(listAttributes(program).sort()).toEqual(['security.capability', 'user.note']);
    expect(getAttribute(program, 'security.capability')).toEqual(capability);
    expect(getAttribute(program, 'user.note')).toEqual(Buffer.from('a\nb=\0c'));
    expect(fs.statSync(join(lower as string, 'same')).nlink).toBe(2);
  });
});

describe('a mounted stack of layers', () => {
  const base = [
    directory('etc/', { mode: 0o711, uid: 7, gid: 8 }),
    file('etc/passwd', 'base'),
    file('etc/old', 'base'),
    directory('lib/'),
    file('lib/a', '1'),
    file('lib/b', '2'),
    file('kept', 'base'),
    symlink('link', 'kept'),
  ];

  test('hides what whiteouts name, and nothing else', async () => {
    const lower = await stackOf([base, [file('etc/.wh.old'), file('.wh.link'), file('etc/new', 'up')]]);
    expect(mounted(lower, list)).toBe('etc d\netc/new f\netc/passwd f\nkept f\nlib d\nlib/a f\nlib/b f\n');
  });

  test('shows only the new content of an opaque directory, wherever its mark stands', async () => {
    const lower = await stackOf([base, [directory('lib/'), file('lib/c', '3'), file('lib/.wh..wh..opq')]]);
    expect(mounted(lower, 'ls lib')).toBe('c\n');
  });

  test('shows only the new content of a directory that was removed and made again', async () => {
    const lower = await stackOf([base, [file('.wh.lib'), directory('lib/'), file('lib/c', '3')]]);
    expect(mounted(lower, 'ls lib')).toBe('c\n');
  });

  test('shows a file where a directory was, and a directory where a file was', async () => {
    const lower = await stackOf([
      base,
      [file('lib', 'now a file'), directory('kept/'), file('kept/in', 'x')],
    ]);
    expect(mounted(lower, 'cat lib; ls kept')).toBe('now a filein\n');
  });

  test('shows nothing of what lies below an opaque root', async () => {
    const lower = await stackOf([base, [file('.wh..wh..opq'), file('only', 'x')], [file('more', 'y')]]);
    expect(mounted(lower, list)).toBe('more f\nonly f\n');
  });

  test('gives a directory the owner and mode of the layer that describes it', async () => {
    const lower = await stackOf([base, [file('etc/new', 'up')]]);
    expect(mounted(lower, 'stat -c "%a %u %g" etc')).toBe('711 7 8\n');
  });

  test('brings a name back that a layer between has hidden', async () => {
    const lower = await stackOf([base, [file('.wh.kept')], [file('kept', 'again')]]);
    expect(mounted(lower, 'cat kept')).toBe('again');
  });

  test('keeps hard links of one layer the same file', async () => {
    const lower = await stackOf([[file('a', 'x'), hardlink('b', 'a')]]);
    expect(mounted(lower, 'stat -c %i a b').trim().split('\n')).toHaveLength(2);
    const [first, second] = mounted(lower, 'stat -c %i a b').trim().split('\n');
    expect(first).toBe(second);
  });

  test('of 127 layers fits into one page of mount options', async () => {
    const layers = Array.from({ length: 127 }, (_, at) => [file(`f${at}`, String(at))]);
    const lower = await stackOf(layers);
    const short = lower.map((path) => path.replace(data, '/var/lib/tscompose'));
    expect(short.join(':').length).toBeLessThan(3700);
  });
});

describe('a killed process', () => {
  test('leaves a store that opens, holds nothing half done, and takes the same archive again', async () => {
    const script = join(place, 'loader.ts');
    const sources = join(process.cwd(), 'src');
    fs.writeFileSync(
      script,
      `import { createImageStore } from '${sources}/image/index.ts';
       import { systemHost } from '${sources}/host/system-host.ts';
       const store = createImageStore(systemHost, { data: ${JSON.stringify(data)}, run: '/nonexistent', tag: 'e2e' },
         { layerWorker: ${JSON.stringify(worker)} });
       await store.open();
       process.stdout.write('open');
       await store.load(process.stdin);
       process.stdout.write('done');`,
    );
    const program = bundleModule(script);
    const content = Buffer.alloc(64 * 1024, 'x');
    const many = (prefix: string): Buffer =>
      tar(Array.from({ length: 400 }, (_, at) => file(`${prefix}/${at}`, content)));
    const archive = dockerArchive([{ references: ['big'], layers: [many('a'), many('b'), many('c')] }]);
    for (const delayMs of [20, 120, 220, 320]) {
      const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.on('error', () => undefined);
      await once(child.stdout, 'data');
      child.stdin.end(archive);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      child.kill('SIGKILL');
      await once(child, 'close');
      store = await openStore();
      expect(fs.readdirSync(join(data, 'images/.incoming'))).toEqual([]);
      expect(fs.readdirSync(join(data, 'layers')).filter((name) => name.startsWith('.'))).toEqual([]);
      for (const image of await store.list())
        expect(image.layerSizes).toEqual([1, 1, 1].map(() => 400 * content.length));
    }
    const [image] = await store.load(Readable.from([archive]));
    expect(image?.sizeBytes).toBe(3 * 400 * content.length);
    await store.remove('big', { usedBy: () => undefined });
    expect(fs.readdirSync(join(data, 'layers'))).toEqual([]);
  });

  function bundleModule(script: string): string {
    const outfile = script.replace(/ts$/, 'mjs');
    buildSync({
      entryPoints: [script],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      external: ['koffi'],
    });
    return outfile;
  }
});

describe('threads', () => {
  test('unpack large layers, and their errors arrive as they were thrown', async () => {
    const archive = tar([file('big', Buffer.alloc(2_000_000, 'x')), hardlink('wrong', 'nothing')]);
    const loading = store.load(Readable.from([dockerArchive([{ layers: [archive] }])]));
    await expect(loading).rejects.toMatchObject({
      name: 'TscomposeError',
      code: 'IMAGE_CORRUPT',
      message: expect.stringContaining('which it does not hold'),
    });
    expect(fs.readdirSync(join(data, 'layers'))).toEqual([]);
  });
});

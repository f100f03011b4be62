import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TscomposeError } from '../../src/errors.ts';
import { getAttribute } from '../../src/host/tree-attributes.ts';
import type { Digest } from '../../src/image/images.ts';
import { createLayerWriter, type LayerSummary } from '../../src/image/layers/apply.ts';
import { createDress } from '../../src/image/layers/dress.ts';
import { inheritDirectories } from '../../src/image/layers/inherit.ts';
import { unpackLayer } from '../../src/image/layers/unpack.ts';
import { createTarReader } from '../../src/image/tar/reader.ts';
import { directory, file, hardlink, type Member, sha256, symlink, tar } from './fixtures.ts';

const isRoot = process.getuid?.() === 0;

let place = '';
beforeEach(() => {
  place = fs.mkdtempSync(join(tmpdir(), 'tscompose-layer-'));
  fs.mkdirSync(join(place, 'root'));
  fs.mkdirSync(join(place, 'outside'));
});
afterEach(() => fs.rmSync(place, { recursive: true, force: true }));

async function unpack(archive: Buffer, stored = archive): Promise<LayerSummary> {
  fs.writeFileSync(join(place, 'blob'), stored);
  return unpackLayer({
    blob: join(place, 'blob'),
    digest: `sha256:${sha256(stored)}` as Digest,
    diffId: `sha256:${sha256(archive)}` as Digest,
    target: join(place, 'root'),
    ownsAll: isRoot,
    isVerified: false,
  });
}

/** Every path below the layer's root with what it is. */
function tree(at = join(place, 'root'), prefix = ''): string[] {
  return fs
    .readdirSync(at, { withFileTypes: true })
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(at, entry.name);
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory())
        return [`${name}/${isOpaque(path) ? ' opaque' : ''}`, ...tree(path, `${name}/`)];
      if (entry.isSymbolicLink()) return [`${name} -> ${fs.readlinkSync(path)}`];
      if (entry.isCharacterDevice()) return [`${name} device ${fs.lstatSync(path).rdev}`];
      return [`${name}: ${fs.readFileSync(path, 'utf8')}`];
    });
}

function isOpaque(path: string): boolean {
  const value = getAttribute(path, 'trusted.overlay.opaque') ?? getAttribute(path, 'user.overlay.opaque');
  return value?.toString() === 'y';
}

async function treeOf(members: readonly Member[]): Promise<string[]> {
  await unpack(tar(members));
  return tree();
}

/** Compresses with a program. */
const by =
  (program: string) =>
  (bytes: Buffer): Buffer =>
    execFileSync(program, ['-c', '-q'], { input: bytes });

describe('a layer', () => {
  test('is made with its directories, files and links', async () => {
    expect(
      await treeOf([
        directory('etc/'),
        file('etc/motd', 'hi'),
        hardlink('etc/issue', 'etc/motd'),
        symlink('etc/link', '/etc/motd'),
        file('not/described/leaf', '1'),
      ]),
    ).toEqual([
      'etc/',
      'etc/issue: hi',
      'etc/link -> /etc/motd',
      'etc/motd: hi',
      'not/',
      'not/described/',
      'not/described/leaf: 1',
    ]);
    const at = (name: string): number => fs.statSync(join(place, 'root', name)).ino;
    expect(at('etc/issue')).toBe(at('etc/motd'));
  });

  test('has modes and times, those of directories too, whatever is put into them later', async () => {
    const mtime = { seconds: 1_600_000_000, nanoseconds: 123_456_789 };
    await unpack(
      tar([
        directory('d/', { mode: 0o2750, mtime }),
        file('d/run', 'x', { mode: 0o4755, mtime }),
        symlink('d/s', 'run', { mtime }),
      ]),
    );
    const of = (name: string): unknown[] => {
      const stats = fs.lstatSync(join(place, 'root', name), { bigint: true });
      return [Number(stats.mode) & 0o7777, stats.mtimeNs];
    };
    expect([of('d'), of('d/run'), of('d/s')]).toEqual([
      [0o2750, 1_600_000_000_123_456_789n],
      [0o4755, 1_600_000_000_123_456_789n],
      [0o777, 1_600_000_000_123_456_789n],
    ]);
  });

  test('tells its size and the directories it does not describe', async () => {
    expect(await unpack(tar([file('a/b/c', '12345'), directory('a/d/'), directory('a/')]))).toEqual({
      sizeBytes: 5,
      implicit: ['', 'a/b'],
      isOpaque: false,
    });
  });

  test('keeps names that are no UTF-8 as they are', async () => {
    await unpack(tar([file('caf\xe9', 'x')]));
    expect(fs.readdirSync(Buffer.from(join(place, 'root')), { encoding: 'latin1' })).toEqual(['caf\xe9']);
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', by('zstd')],
    ['xz', by('xz')],
    ['bzip2', by('bzip2')],
  ])('is unpacked from %s, which is told by its first bytes', async (_name, compress) => {
    const archive = tar([file('a', 'x'.repeat(100_000))]);
    await unpack(archive, compress(archive));
    expect(fs.statSync(join(place, 'root', 'a')).size).toBe(100_000);
  });

  test('of several gzip members is unpacked whole', async () => {
    const archive = tar([file('a', '1'), file('b', '2')]);
    await unpack(
      archive,
      Buffer.concat([gzipSync(archive.subarray(0, 700)), gzipSync(archive.subarray(700))]),
    );
    expect(tree()).toEqual(['a: 1', 'b: 2']);
  });
});

describe('a member that comes twice', () => {
  test.each<[string, readonly Member[], readonly string[]]>([
    ['a file replaces a file', [file('a', '1'), file('a', '2')], ['a: 2']],
    ['a file replaces a directory and all in it', [file('a/b', '1'), file('a', '2')], ['a: 2']],
    ['a directory replaces a file', [file('a', '1'), directory('a/')], ['a/']],
    ['a directory keeps what is in it', [file('a/b', '1'), directory('a/')], ['a/', 'a/b: 1']],
    ['a link replaces a directory', [file('a/b', '1'), symlink('a', 'c')], ['a -> c']],
    ['a directory replaces a link', [symlink('a', 'c'), directory('a/'), directory('c/')], ['a/', 'c/']],
    [
      'a file replaces a link, not what it points to',
      [file('b', '1'), symlink('a', 'b'), file('a', '2')],
      ['a: 2', 'b: 1'],
    ],
    ['a hard link replaces a file', [file('a', '1'), file('b', '2'), hardlink('b', 'a')], ['a: 1', 'b: 1']],
  ])('%s', async (_title, members, expected) => {
    expect(await treeOf(members)).toEqual(expected);
  });
});

describe('a whiteout', () => {
  test.each<[string, readonly Member[], readonly string[]]>([
    ['becomes the device overlayfs hides names with', [file('d/.wh.gone')], ['d/', 'd/gone device 0']],
    ['of everything marks its directory', [directory('d/'), file('d/.wh..wh..opq')], ['d/ opaque']],
    [
      'of everything may come after what stays',
      [directory('d/'), file('d/a', '1'), file('d/.wh..wh..opq')],
      ['d/ opaque', 'd/a: 1'],
    ],
    ['does not hide a file of its own layer', [file('.wh.a'), file('a', '1')], ['a: 1']],
    ['does not hide a file of its own layer that came before', [file('a', '1'), file('.wh.a')], ['a: 1']],
    [
      'before a directory makes that opaque',
      [file('.wh.a'), directory('a/'), file('a/b', '1')],
      ['a/ opaque', 'a/b: 1'],
    ],
    ['after a directory makes that opaque', [directory('a/'), file('.wh.a')], ['a/ opaque']],
    [
      'before a file in such a directory makes that opaque',
      [file('.wh.a'), file('a/b', '1')],
      ['a/ opaque', 'a/b: 1'],
    ],
    ['of aufs bookkeeping is left out', [file('.wh..wh.plnk/1', 'x'), file('.wh..wh.aufs')], []],
  ])('%s', async (_title, members, expected) => {
    expect(await treeOf(members)).toEqual(expected);
  });

  test('of everything in the root is told instead', async () => {
    expect(await unpack(tar([file('.wh..wh..opq')]))).toMatchObject({ isOpaque: true });
  });

  test.each(['.wh.', '.wh..', '.wh...'])('named %s is refused', async (name) => {
    await expect(unpack(tar([file(name)]))).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

describe('a hostile layer', () => {
  test.each<[string, readonly Member[], readonly string[]]>([
    ['an absolute name lies below the root', [file('/etc/passwd', 'x')], ['etc/', 'etc/passwd: x']],
    ['dots within the name are resolved', [file('a/./b/../c', 'x')], ['a/', 'a/c: x']],
    ['an absolute name cannot climb', [file('/../../x', '1')], ['x: 1']],
    [
      'a link to / leads to the layer’s own root',
      [symlink('up', '/'), file('up/etc/x', '1')],
      ['etc/', 'etc/x: 1', 'up -> /'],
    ],
    [
      'a link upwards stays inside',
      [symlink('up', '../../../..'), file('up/x', '1')],
      ['up -> ../../../..', 'x: 1'],
    ],
    [
      'links behind links stay inside',
      [symlink('a', 'b/c'), symlink('b', '/../..'), file('a/x', '1')],
      ['a -> b/c', 'b -> /../..', 'c/', 'c/x: 1'],
    ],
    [
      'a hard link’s target is found inside',
      [file('etc/passwd', 'own'), hardlink('p', '/etc/passwd')],
      ['etc/', 'etc/passwd: own', 'p: own'],
    ],
    [
      'a hard link to a link links the link',
      [symlink('s', '/etc/shadow'), hardlink('h', 's')],
      ['h -> /etc/shadow', 's -> /etc/shadow'],
    ],
    [
      'writing through a hard link to a link replaces the link',
      [symlink('s', '/etc/shadow'), hardlink('h', 's'), file('h', 'x')],
      ['h: x', 's -> /etc/shadow'],
    ],
    [
      'a directory swapped for a link does not carry its times away',
      [directory('d/'), file('d/x'), symlink('d', '../outside'), file('d2', '1')],
      ['d -> ../outside', 'd2: 1'],
    ],
  ])('%s', async (_title, members, expected) => {
    const before = fs.statSync(join(place, 'outside')).mtimeMs;
    expect(await treeOf(members)).toEqual(expected);
    expect(fs.readdirSync(join(place, 'outside'))).toEqual([]);
    expect(fs.statSync(join(place, 'outside')).mtimeMs).toBe(before);
  });

  test.each<[string, readonly Member[], string, string]>([
    ['a name that climbs out', [file('../x')], 'IMAGE_CORRUPT', 'lies outside'],
    ['a name that climbs out later', [file('a/../../x')], 'IMAGE_CORRUPT', 'lies outside'],
    ['a hard link that climbs out', [hardlink('x', '../../etc/passwd')], 'IMAGE_CORRUPT', 'lies outside'],
    ['a hard link to nothing', [hardlink('x', 'etc/passwd')], 'IMAGE_CORRUPT', 'which it does not hold'],
    ['a hard link to a directory', [directory('d/'), hardlink('x', 'd')], 'IMAGE_CORRUPT', 'is a directory'],
    ['a hard link to the root', [hardlink('x', '/')], 'IMAGE_CORRUPT', 'does not hold'],
    [
      'a hard link in the place of its target’s directory',
      [file('d/x'), hardlink('d', 'd/x')],
      'IMAGE_CORRUPT',
      'which the link replaces',
    ],
    ['a root that is no directory', [file('.')], 'IMAGE_CORRUPT', 'a root that is no directory'],
    [
      'a file used as a directory',
      [file('a'), file('a/b')],
      'TREE_NOT_A_DIRECTORY',
      'a is used as a directory',
    ],
    [
      'links in a circle',
      [symlink('a', 'b'), symlink('b', 'a'), file('a/x')],
      'TREE_LINK_LOOP',
      'too many links',
    ],
    ['a name too long for Linux', [file('n'.repeat(300))], 'HOST_ENAMETOOLONG', 'make'],
    ['an owner too large for Linux', [file('x', '', { uid: 2 ** 40 })], 'IMAGE_CORRUPT', 'owner'],
  ])('with %s is refused', async (_title, members, code, why) => {
    await expect(unpack(tar(members))).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
    expect(fs.readdirSync(join(place, 'outside'))).toEqual([]);
  });

  test('cannot give overlayfs attributes of its own', async () => {
    const attributes = new Map([
      ['trusted.overlay.redirect', Buffer.from('/etc')],
      ['trusted.overlay.opaque', Buffer.from('y')],
      ['user.overlay.opaque', Buffer.from('y')],
    ]);
    await unpack(tar([directory('d/', { attributes })]));
    expect(isOpaque(join(place, 'root', 'd'))).toBe(false);
    expect(getAttribute(join(place, 'root', 'd'), 'trusted.overlay.redirect')).toBeUndefined();
  });

  test('whose content is another’s is refused', async () => {
    const archive = tar([file('a', '1')]);
    fs.writeFileSync(join(place, 'blob'), archive);
    const job = {
      blob: join(place, 'blob'),
      target: join(place, 'root'),
      ownsAll: isRoot,
      isVerified: false,
    };
    const own = `sha256:${sha256(archive)}` as Digest;
    const other = `sha256:${sha256('other')}` as Digest;
    await expect(unpackLayer({ ...job, digest: other, diffId: other })).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
    await expect(unpackLayer({ ...job, digest: own, diffId: other })).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
  });

  test.each([
    ['gzip', gzipSync],
    ['zstd', by('zstd')],
    ['xz', by('xz')],
    ['bzip2', by('bzip2')],
  ])('of broken %s is refused', async (_name, compress) => {
    const archive = tar([
      file('a', Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * 7919) % 251))),
    ]);
    const whole = compress(archive);
    const broken = Buffer.concat([whole.subarray(0, 60), Buffer.from('broken'), whole.subarray(66)]);
    await expect(unpack(archive, broken)).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
    await expect(unpack(archive, whole.subarray(0, whole.length - 20))).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    });
  });

  test('of any names and links never reaches outside', () => {
    const part = fc.constantFrom('a', 'b', 'c', '..', '.', '', '.wh.a', '.wh..wh..opq');
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const target = fc.oneof(name, fc.constantFrom('/', '..', '../outside', '../../outside', place));
    const member = fc.oneof(
      name.map((at) => file(at, 'x', { mode: 0o755 })),
      name.map((at) => directory(at)),
      fc.tuple(name, target).map(([at, to]) => symlink(at, to)),
      fc.tuple(name, target).map(([at, to]) => hardlink(at, to)),
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 12 }), (members) => {
        fs.rmSync(join(place, 'root'), { recursive: true, force: true });
        fs.mkdirSync(join(place, 'root'));
        const writer = createLayerWriter(join(place, 'root'), createDress({ ownsAll: isRoot }));
        try {
          for (const event of createTarReader().feed(tar(members))) writer.write(event);
          writer.finish();
        } catch (error) {
          expect(error).toBeInstanceOf(TscomposeError);
        }
        expect(fs.readdirSync(place).sort()).toEqual(['outside', 'root']);
        expect(fs.readdirSync(join(place, 'outside'))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});

describe('a directory that a layer uses without describing it', () => {
  const made = (...names: string[]): string => {
    const path = join(place, ...names);
    fs.mkdirSync(path, { recursive: true });
    return path;
  };

  test('looks as in the topmost layer that has it', () => {
    fs.chmodSync(made('low', 'a'), 0o700);
    fs.chmodSync(made('lower', 'a'), 0o711);
    made('top', 'a');
    inheritDirectories(join(place, 'top'), ['', 'a'], [join(place, 'low'), join(place, 'lower')]);
    expect(fs.statSync(join(place, 'top', 'a')).mode & 0o777).toBe(0o700);
  });

  test('does not look through links', () => {
    fs.chmodSync(made('outside', 'a'), 0o700);
    fs.symlinkSync(join(place, 'outside'), join(made('low'), 'd'));
    fs.chmodSync(made('top', 'd', 'a'), 0o755);
    inheritDirectories(join(place, 'top'), ['d', 'd/a'], [join(place, 'low')]);
    expect(fs.statSync(join(place, 'top', 'd', 'a')).mode & 0o777).toBe(0o755);
  });
});

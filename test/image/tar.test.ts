import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { TscomposeError } from '../../src/errors.ts';
import type { TarEntry } from '../../src/image/tar/entry.ts';
import { formatPax, formatPaxTime, parsePax, parsePaxTime } from '../../src/image/tar/pax.ts';
import { createTarReader } from '../../src/image/tar/reader.ts';
import { endOfArchive, formatEntry, tarEntry, tarPadding } from '../../src/image/tar/writer.ts';
import { directory, file, hardlink, symlink, tar } from './fixtures.ts';

interface Read {
  readonly entry: TarEntry;
  readonly content: string;
}

function read(archive: Buffer, chunkSize = archive.length): Read[] {
  const reader = createTarReader();
  const found: { entry: TarEntry; content: string }[] = [];
  for (let at = 0; at < archive.length; at += chunkSize)
    for (const event of reader.feed(archive.subarray(at, at + chunkSize))) {
      if (event.kind === 'entry') found.push({ entry: event.entry, content: '' });
      else if (event.kind === 'data')
        (found.at(-1) as { content: string }).content += event.chunk.toString('latin1');
    }
  reader.finish();
  return found;
}

const everything: readonly TarEntry[] = [
  tarEntry('directory', 'etc/', { mode: 0o1777, uid: 1000, gid: 50 }),
  tarEntry('file', 'etc/motd', { size: 5, mtime: { seconds: 1700000000, nanoseconds: 123456789 } }),
  tarEntry('symlink', 'bin', { linkName: 'usr/bin' }),
  tarEntry('hardlink', 'etc/issue', { linkName: 'etc/motd' }),
  tarEntry('character', 'dev/null', { device: { major: 1, minor: 3 }, mode: 0o666 }),
  tarEntry('block', 'dev/vda', { device: { major: 254, minor: 0 } }),
  tarEntry('fifo', 'run/pipe'),
  tarEntry('file', `long/${'x'.repeat(200)}`, { mode: 0o4755 }),
  tarEntry('symlink', 'far', { linkName: 'y'.repeat(300) }),
  tarEntry('file', 'big-owner', { uid: 4_000_000_000, gid: 3_000_000_000 }),
  tarEntry('file', 'before', { mtime: { seconds: -2, nanoseconds: 500_000_000 } }),
  tarEntry('file', 'capable', {
    attributes: new Map([
      ['security.capability', Buffer.from([1, 0, 0, 2, 10, 61, 0, 255])],
      ['user.note', Buffer.from('two\nlines=1')],
    ]),
  }),
  tarEntry('file', Buffer.from('Főtanúsítvány', 'utf8').toString('latin1')),
  tarEntry('file', 'latin\xe9'),
];

const written = Buffer.concat([
  ...everything.flatMap((entry) => [
    formatEntry(entry),
    Buffer.alloc(entry.size, 'a'),
    tarPadding(entry.size),
  ]),
  endOfArchive,
]);

describe('tar', () => {
  test('what is written is read again, at every chunk size', () => {
    for (const size of [1, 7, 511, 512, 513, 4096, written.length])
      expect(read(written, size).map(({ entry }) => entry)).toEqual(everything);
  });

  test('content arrives whole, at every chunk size', () => {
    const archive = tar([file('a', 'hello'), file('empty'), file('b', 'x'.repeat(1500))]);
    for (const size of [1, 100, 512, archive.length])
      expect(read(archive, size).map(({ content }) => content)).toEqual(['hello', '', 'x'.repeat(1500)]);
  });

  test('PAX records count their own length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z.]{1,30}$/), fc.uint8Array({ maxLength: 1200 })), {
          maxLength: 5,
        }),
        (pairs) => {
          const records = new Map(pairs.map(([key, value]) => [key, Buffer.from(value)]));
          expect(parsePax(formatPax(records))).toEqual(records);
        },
      ),
    );
  });

  test('times survive to the nanosecond, also before the epoch', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000_000_000, max: 9_000_000_000 }),
        fc.integer({ min: 0, max: 999_999_999 }),
        (seconds, nanoseconds) => {
          expect(parsePaxTime(formatPaxTime({ seconds, nanoseconds }))).toEqual({ seconds, nanoseconds });
        },
      ),
    );
  });

  test.each([
    ['an archive cut within a file', written.subarray(0, 1300), 'the archive ends too early'],
    ['a few words', Buffer.from('hello'), 'this is no tar archive'],
    ['a header with a changed byte', changed(written, 515), 'wrong checksum'],
    ['a text', Buffer.alloc(2048, 'text'), 'this is no tar archive'],
    ['a block after the end', Buffer.concat([Buffer.alloc(512), written]), 'more after its end'],
    [
      'a zero byte in a name',
      tar([file('a'.repeat(101).replace('aaaa', 'a\0aa'))]),
      'a name with a zero byte',
    ],
  ])('%s is refused', (_what, archive, why) => {
    expect(() => read(archive)).toThrow(
      expect.objectContaining({ code: 'IMAGE_CORRUPT', message: expect.stringContaining(why) }),
    );
  });

  test('an archive without its closing blocks is taken, as Go takes it', () => {
    expect(read(tar([file('a', 'x')]).subarray(0, -1024))).toHaveLength(1);
  });

  test('any bytes give entries or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => readOrTyped(Buffer.from(bytes))),
      { numRuns: 300 },
    );
  });

  test('any change of a good archive gives entries or a typed error', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(written.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        (edits, repair) => {
          const bytes = Buffer.from(written);
          for (const [at, value] of edits) bytes[at] = value;
          if (repair) for (const [at] of edits) repairChecksum(bytes, at - (at % 512));
          readOrTyped(bytes);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('tar of other programs', () => {
  let place = '';
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  const archiveOf = (format: string): Buffer => {
    place = mkdtempSync(join(tmpdir(), 'tscompose-tar-'));
    const long = 'd'.repeat(120);
    execFileSync('mkdir', ['-p', join(place, 'in', long, long)]);
    writeFileSync(join(place, 'in', long, long, 'leaf'), 'content');
    writeFileSync(join(place, 'in', 'plain'), 'plain');
    symlinkSync(`${long}/${long}/leaf`, join(place, 'in', 'link'));
    execFileSync('ln', [join(place, 'in', 'plain'), join(place, 'in', 'same')]);
    const args = [
      '--sort=name',
      `--format=${format}`,
      '-cf',
      join(place, 'a.tar'),
      '-C',
      join(place, 'in'),
      '.',
    ];
    execFileSync('tar', args);
    return readFileSync(join(place, 'a.tar'));
  };

  test.each(['gnu', 'pax', 'posix'])(
    'GNU tar’s %s format is read, long names and links included',
    (format) => {
      const long = 'd'.repeat(120);
      const found = read(archiveOf(format)).map(({ entry, content }) => [
        entry.type,
        entry.name,
        entry.linkName,
        content,
      ]);
      expect(found).toEqual([
        ['directory', './', '', ''],
        ['directory', `./${long}/`, '', ''],
        ['directory', `./${long}/${long}/`, '', ''],
        ['file', `./${long}/${long}/leaf`, '', 'content'],
        ['symlink', './link', `${long}/${long}/leaf`, ''],
        ['file', './plain', '', 'plain'],
        ['hardlink', './same', './plain', ''],
      ]);
    },
  );

  test('GNU tar reads what is written here', () => {
    place = mkdtempSync(join(tmpdir(), 'tscompose-tar-'));
    const archive = tar([
      directory('d/'),
      file(`d/${'n'.repeat(180)}`, 'abc'),
      symlink('d/s', 't'.repeat(150)),
      hardlink('d/h', `d/${'n'.repeat(180)}`),
    ]);
    const listing = execFileSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' });
    expect(listing).toBe(`d/\nd/${'n'.repeat(180)}\nd/s\nd/h\n`);
  });

  test.each(['gnu', 'pax'])('a sparse file in %s format is refused by name', (format) => {
    place = mkdtempSync(join(tmpdir(), 'tscompose-tar-'));
    execFileSync('truncate', ['-s', '1M', join(place, 'holes')]);
    const args = ['--sparse', `--format=${format}`, '-cf', '-', '-C', place, 'holes'];
    const archive = execFileSync('tar', args);
    expect(() => read(archive)).toThrow(
      expect.objectContaining({
        code: 'IMAGE_UNSUPPORTED',
        message: expect.stringContaining('sparse file'),
        hint: 'write the archive without --sparse',
      }),
    );
  });
});

function readOrTyped(bytes: Buffer): void {
  try {
    read(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(TscomposeError);
  }
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

/** Makes the block a header that is believed, so that what is in it is looked at. */
function repairChecksum(bytes: Buffer, start: number): void {
  if (start + 512 > bytes.length) return;
  bytes.fill(0x20, start + 148, start + 156);
  let sum = 0;
  for (let at = start; at < start + 512; at++) sum += bytes[at] as number;
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, start + 148, 'latin1');
}

/** Writes tar: USTAR, with a PAX header before a member that does not fit it. */
import { blockBytes, type TarEntry, type TarType } from './entry.ts';
import { fitsOctal, formatHeader, type Header } from './header.ts';
import { formatPax, formatPaxTime } from './pax.ts';
import { paddingOf } from './reader.ts';

/** What stands before the content of a member. `size` bytes and `tarPadding(size)` must follow. */
export function formatEntry(entry: TarEntry): Buffer {
  const records = extensionsOf(entry);
  const header: Header = {
    flag: flags[entry.type],
    name: entry.name,
    linkName: entry.linkName,
    mode: entry.mode,
    uid: entry.uid,
    gid: entry.gid,
    size: entry.size,
    mtime: entry.mtime.seconds,
    major: entry.device.major,
    minor: entry.device.minor,
  };
  if (records.size === 0) return formatHeader(header);
  const body = formatPax(records);
  const extension = formatHeader({
    ...header,
    flag: 'x',
    name: `PaxHeaders/${entry.name}`.slice(0, 100),
    linkName: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: body.length,
    major: 0,
    minor: 0,
  });
  return Buffer.concat([extension, body, tarPadding(body.length), formatHeader(header)]);
}

/** Zero bytes up to the next block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc(paddingOf(size));
}

/** Two zero blocks. */
export const endOfArchive = Buffer.alloc(2 * blockBytes);

/** An entry with what most entries have. */
export function tarEntry(type: TarType, name: string, rest: Partial<TarEntry> = {}): TarEntry {
  return {
    type,
    name,
    linkName: '',
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: { seconds: 0, nanoseconds: 0 },
    device: { major: 0, minor: 0 },
    attributes: new Map(),
    ...rest,
  };
}

const flags: Readonly<Record<TarType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
};

/** Records in the order Go's writer has them: sorted by key. */
function extensionsOf(entry: TarEntry): Map<string, Buffer> {
  const records: [string, string | Buffer][] = [];
  if (entry.name.length > 100) records.push(['path', entry.name]);
  if (entry.linkName.length > 100) records.push(['linkpath', entry.linkName]);
  for (const field of ['uid', 'gid', 'size'] as const)
    if (!fitsOctal(field, entry[field])) records.push([field, String(entry[field])]);
  if (entry.mtime.nanoseconds !== 0 || !fitsOctal('mtime', entry.mtime.seconds))
    records.push(['mtime', formatPaxTime(entry.mtime)]);
  for (const [name, value] of entry.attributes) records.push([`SCHILY.xattr.${name}`, value]);
  return new Map(
    records
      .map(([key, value]): [string, Buffer] => [
        key,
        typeof value === 'string' ? Buffer.from(value, 'latin1') : value,
      ])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

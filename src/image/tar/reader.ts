/**
 * Reads tar as it comes: USTAR, PAX, GNU long names and links. Chunks go in, events come out, at any chunk size.
 * Sparse members and volumes that span archives are refused.
 */
import { TscomposeError } from '../../errors.ts';
import { readablePath } from '../../host/tree-nodes.ts';
import { blockBytes, corrupt, type TarEntry, typeByFlag } from './entry.ts';
import { type Header, isHeader, parseHeader } from './header.ts';
import { type PaxRecords, parsePax, parsePaxTime } from './pax.ts';

export type TarEvent =
  | { readonly kind: 'entry'; readonly entry: TarEntry }
  /** Content of the entry before, in pieces of the chunk that was fed. */
  | { readonly kind: 'data'; readonly chunk: Buffer }
  | { readonly kind: 'end' };

export interface TarReader {
  /** @throws TscomposeError `IMAGE_CORRUPT`, `IMAGE_UNSUPPORTED` */
  feed(chunk: Buffer): Generator<TarEvent, void, undefined>;
  /** To be called after the last chunk. @throws TscomposeError `IMAGE_CORRUPT` when the archive ends within a member */
  finish(): void;
}

/** As Go's reader, and far above what any program writes. */
const longestExtension = 1024 * 1024;

export function createTarReader(): TarReader {
  return new Reader();
}

class Reader implements TarReader {
  /** Bytes of a header or extension that has not come whole yet. */
  readonly #parts: Buffer[] = [];
  #gathered = 0;
  #wanted = blockBytes;
  /** What the gathered bytes will be; undefined: the next header. */
  #extension: { readonly flag: string; readonly size: number } | undefined;
  /** Content still to come of the current entry, and padding after it. */
  #content = 0;
  #padding = 0;
  #zeroBlocks = 0;
  #hasBegun = false;
  #longName: string | undefined;
  #longLink: string | undefined;
  #local: PaxRecords = new Map();
  #global = new Map<string, Buffer>();

  *feed(chunk: Buffer): Generator<TarEvent, void, undefined> {
    for (let at = 0; at < chunk.length && this.#zeroBlocks < 2; ) {
      const left = chunk.length - at;
      if (this.#content > 0) {
        const length = Math.min(left, this.#content);
        this.#content -= length;
        yield { kind: 'data', chunk: chunk.subarray(at, at + length) };
        if (this.#content === 0) yield { kind: 'end' };
        at += length;
      } else if (this.#padding > 0) {
        const length = Math.min(left, this.#padding);
        this.#padding -= length;
        at += length;
      } else {
        const length = Math.min(left, this.#wanted - this.#gathered);
        const whole = this.#gather(chunk.subarray(at, at + length));
        at += length;
        if (whole === undefined) continue;
        if (this.#extension === undefined) yield* this.#header(whole);
        else this.#extend(whole);
      }
    }
  }

  finish(): void {
    const isBetween = this.#gathered === 0 && this.#extension === undefined && this.#content === 0;
    if (this.#zeroBlocks === 0 && (!isBetween || this.#hasPending()))
      throw corrupt(this.#hasBegun ? 'the archive ends too early' : 'this is no tar archive');
  }

  /** Most headers lie in one chunk and are not copied. */
  #gather(part: Buffer): Buffer | undefined {
    if (this.#gathered === 0 && part.length === this.#wanted) return part;
    this.#parts.push(Buffer.from(part));
    this.#gathered += part.length;
    if (this.#gathered < this.#wanted) return undefined;
    const whole = Buffer.concat(this.#parts);
    this.#parts.length = 0;
    this.#gathered = 0;
    return whole;
  }

  *#header(block: Buffer): Generator<TarEvent, void, undefined> {
    if (isZero(block)) {
      if (this.#hasPending()) throw corrupt('the archive ends too early');
      this.#zeroBlocks++;
      return;
    }
    if (this.#zeroBlocks > 0) throw corrupt('the archive is damaged: there is more after its end');
    if (!this.#hasBegun && !isHeader(block)) throw corrupt('this is no tar archive');
    this.#hasBegun = true;
    const header = parseHeader(block);
    if (extensions.has(header.flag)) this.#expect(header);
    else yield* this.#member(header);
  }

  #expect({ flag, size }: Header): void {
    if (size > longestExtension) throw corrupt('the archive is damaged: an extended header is too long');
    if (size === 0) return;
    this.#extension = { flag, size };
    this.#wanted = size;
  }

  #extend(bytes: Buffer): void {
    const { flag, size } = this.#extension as { flag: string; size: number };
    this.#extension = undefined;
    this.#wanted = blockBytes;
    this.#padding = paddingOf(size);
    if (flag === 'L') this.#longName = untilZero(bytes);
    else if (flag === 'K') this.#longLink = untilZero(bytes);
    else if (flag === 'x') this.#local = parsePax(Buffer.from(bytes));
    else for (const [key, value] of parsePax(Buffer.from(bytes))) this.#global.set(key, value);
  }

  *#member(header: Header): Generator<TarEvent, void, undefined> {
    const entry = this.#entryOf(header);
    this.#longName = this.#longLink = undefined;
    this.#local = new Map();
    this.#content = entry.size;
    this.#padding = paddingOf(entry.size);
    yield { kind: 'entry', entry };
    if (entry.size === 0) yield { kind: 'end' };
  }

  #entryOf(header: Header): TarEntry {
    const pax = this.#global.size === 0 ? this.#local : new Map([...this.#global, ...this.#local]);
    for (const key of pax.keys()) if (key.startsWith('GNU.sparse.')) throw sparse(header.name);
    const name = pax.get('path')?.toString('latin1') ?? this.#longName ?? header.name;
    const linkName = pax.get('linkpath')?.toString('latin1') ?? this.#longLink ?? header.linkName;
    if (name.includes('\0') || linkName.includes('\0'))
      throw corrupt('the archive has a name with a zero byte');
    const stated = typeByFlag[header.flag];
    if (stated === undefined) throw unsupported(header.flag, name);
    // The oldest format has no flag for directories.
    const type = stated === 'file' && name.endsWith('/') ? 'directory' : stated;
    return {
      type,
      name,
      linkName,
      mode: header.mode,
      uid: paxNumber(pax, 'uid') ?? header.uid,
      gid: paxNumber(pax, 'gid') ?? header.gid,
      size: stated === 'file' ? (paxNumber(pax, 'size') ?? header.size) : 0,
      mtime: timeOf(pax, header),
      device: { major: header.major, minor: header.minor },
      attributes: attributesOf(pax),
    };
  }

  #hasPending(): boolean {
    return this.#longName !== undefined || this.#longLink !== undefined || this.#local.size > 0;
  }
}

/** PAX local and global, GNU long name and long link. */
const extensions = new Set(['x', 'g', 'L', 'K']);

const attributePrefix = 'SCHILY.xattr.';
const none: ReadonlyMap<string, Buffer> = new Map();

function attributesOf(pax: PaxRecords): ReadonlyMap<string, Buffer> {
  if (pax.size === 0) return none;
  const found = [...pax].filter(([key]) => key.startsWith(attributePrefix));
  return new Map(found.map(([key, value]) => [key.slice(attributePrefix.length), value]));
}

function timeOf(pax: PaxRecords, header: Header): TarEntry['mtime'] {
  const stated = pax.get('mtime');
  return stated === undefined
    ? { seconds: header.mtime, nanoseconds: 0 }
    : parsePaxTime(stated.toString('latin1'));
}

function paxNumber(pax: PaxRecords, key: string): number | undefined {
  const text = pax.get(key)?.toString('latin1');
  if (text === undefined) return undefined;
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw corrupt(`the archive is damaged: "${key}" is no number`);
  return value;
}

function sparse(name: string): TscomposeError {
  return new TscomposeError('IMAGE_UNSUPPORTED', `the archive holds ${readablePath(name)} as a sparse file`, {
    hint: 'write the archive without --sparse',
  });
}

function unsupported(flag: string, name: string): TscomposeError {
  if (flag === 'S') return sparse(name);
  const shown = `${readablePath(name)} is of the kind ${JSON.stringify(flag)}`;
  return new TscomposeError('IMAGE_UNSUPPORTED', `the archive holds what no image may hold: ${shown}`);
}

function untilZero(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}

function isZero(block: Buffer): boolean {
  return block.equals(zeroBlock);
}

const zeroBlock = Buffer.alloc(blockBytes);

export function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

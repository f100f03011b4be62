/** The 512-byte header block of USTAR and GNU tar. @see POSIX pax, "ustar Interchange Format"; GNU tar, "Basic Tar Format" */
import { blockBytes, corrupt } from './entry.ts';

export interface Header {
  readonly flag: string;
  readonly name: string;
  readonly linkName: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

/** Offset and length of each field. */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  flag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

type Field = keyof typeof fields;

/**
 * @throws TscomposeError `IMAGE_CORRUPT` when the checksum or a number is wrong
 */
export function parseHeader(block: Buffer): Header {
  if (!isHeader(block)) throw corrupt('the archive is damaged: a header has the wrong checksum');
  const isUstar = block.toString('latin1', 257, 265) === 'ustar\x0000';
  const hasMagic = block.toString('latin1', 257, 262) === 'ustar';
  const prefix = isUstar ? text(block, 'prefix') : '';
  const name = text(block, 'name');
  return {
    flag: block.toString('latin1', 156, 157),
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: text(block, 'linkName'),
    mode: number(block, 'mode') & 0o7777,
    uid: number(block, 'uid'),
    gid: number(block, 'gid'),
    size: number(block, 'size'),
    mtime: number(block, 'mtime'),
    major: hasMagic ? number(block, 'major') : 0,
    minor: hasMagic ? number(block, 'minor') : 0,
  };
}

/** Whether the block's checksum is that of its bytes. */
export function isHeader(block: Buffer): boolean {
  const stated = Number.parseInt(block.toString('latin1', 148, 156).trim(), 8);
  return stated === checksum(block) || stated === signedChecksum(block);
}

/** A USTAR header. What does not fit is cut: the caller has put the whole value into a PAX record. */
export function formatHeader(header: Header): Buffer {
  const block = Buffer.alloc(blockBytes);
  const put = (field: Field, value: string): void => {
    const [start, length] = fields[field];
    block.write(value.slice(0, length), start, length, 'latin1');
  };
  const octal = (field: Field, value: number): void => {
    const digits = fields[field][1] - 1;
    const fits = value >= 0 && value < 8 ** digits;
    put(field, `${(fits ? value : 0).toString(8).padStart(digits, '0')}\0`);
  };
  put('name', header.name);
  put('linkName', header.linkName);
  put('flag', header.flag);
  put('magic', 'ustar\x0000');
  for (const field of ['mode', 'uid', 'gid', 'size', 'mtime', 'major', 'minor'] as const)
    octal(field, header[field]);
  put('checksum', `${checksum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** Largest value that fits the octal digits of the field. */
export function fitsOctal(field: 'uid' | 'gid' | 'size' | 'mtime', value: number): boolean {
  return value >= 0 && value < 8 ** (fields[field][1] - 1);
}

function text(block: Buffer, field: Field): string {
  const [start, length] = fields[field];
  const end = block.indexOf(0, start);
  return block.toString('latin1', start, end === -1 || end > start + length ? start + length : end);
}

/** Octal digits, or, where the first bit is set, a big-endian two's complement number (GNU). */
function number(block: Buffer, field: Field): number {
  const [start, length] = fields[field];
  if ((block[start] as number) & 0x80) return base256(block.subarray(start, start + length), field);
  const digits = block.toString('latin1', start, start + length).replace(/^[ \0]+|[ \0].*$/gs, '');
  if (digits === '') return 0;
  if (!/^[0-7]+$/.test(digits)) throw corrupt(`the archive is damaged: a header's ${field} is no number`);
  return Number.parseInt(digits, 8);
}

function base256(bytes: Buffer, field: Field): number {
  const isNegative = ((bytes[0] as number) & 0x40) !== 0;
  let value = isNegative ? -1n : 0n;
  for (const [index, byte] of bytes.entries())
    value = (value << 8n) | BigInt(index === 0 ? (isNegative ? byte | 0x80 : byte & 0x7f) : byte);
  const result = Number(value);
  if (!Number.isSafeInteger(result) || (isNegative && field !== 'mtime'))
    throw corrupt(`the archive is damaged: a header's ${field} is out of range`);
  return result;
}

/** The sum of all bytes, the checksum field itself counted as eight spaces. */
function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < blockBytes; index++)
    if (index < 148 || index >= 156) sum += block[index] as number;
  return sum;
}

/** Some old programs summed signed characters. */
function signedChecksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let index = 0; index < blockBytes; index++)
    if (index < 148 || index >= 156) sum += block.readInt8(index);
  return sum;
}

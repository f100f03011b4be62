/** PAX extended header records: `<length> <key>=<value>\n`, the length counting the whole record. */
import type { Timestamp } from '../../host/tree-nodes.ts';
import { corrupt } from './entry.ts';

export type PaxRecords = ReadonlyMap<string, Buffer>;

const space = 0x20;
const newline = 0x0a;

/**
 * Values are bytes: extended attributes may hold anything, newlines included.
 * @throws TscomposeError `IMAGE_CORRUPT`
 */
export function parsePax(block: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let start = 0; start < block.length; ) {
    const gap = block.indexOf(space, start);
    const digits = block.toString('latin1', start, gap === -1 ? start : gap);
    const length = /^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0;
    const end = start + length;
    if (length < digits.length + 4 || end > block.length || block[end - 1] !== newline)
      throw corrupt('the archive has a damaged extended header');
    const equals = block.indexOf('=', gap + 1);
    if (equals === -1 || equals >= end) throw corrupt('the archive has a damaged extended header');
    records.set(block.toString('latin1', gap + 1, equals), block.subarray(equals + 1, end - 1));
    start = end;
  }
  return records;
}

export function formatPax(records: PaxRecords): Buffer {
  return Buffer.concat([...records].map(([key, value]) => formatRecord(key, value)));
}

function formatRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`, 'latin1'), value, Buffer.from('\n')]);
  let length = rest.length;
  // The length counts its own digits, so adding them may add one more.
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** Decimal seconds with a fraction, perhaps negative: `1700000000.123456789`. */
export function parsePaxTime(text: string): Timestamp {
  const match = /^(-?)([0-9]{1,15})(?:\.([0-9]*))?$/.exec(text);
  if (match === null) throw corrupt(`the archive has the time "${text.slice(0, 40)}"`);
  const seconds = Number(match[2]);
  const nanoseconds = Number((match[3] ?? '').slice(0, 9).padEnd(9, '0'));
  if (match[1] === '') return { seconds, nanoseconds };
  if (nanoseconds === 0) return { seconds: -seconds, nanoseconds };
  return { seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds };
}

export function formatPaxTime({ seconds, nanoseconds }: Timestamp): string {
  const isNegative = seconds < 0 && nanoseconds > 0;
  const whole = isNegative ? -seconds - 1 : seconds;
  const fraction = isNegative ? 1_000_000_000 - nanoseconds : nanoseconds;
  const digits = String(fraction).padStart(9, '0').replace(/0+$/, '');
  return `${isNegative ? '-' : ''}${whole}${digits === '' ? '' : `.${digits}`}`;
}

/** Internet addresses as the kernel has them (4 or 16 bytes, network order) and as people write them. */
import { isIPv4, isIPv6 } from 'node:net';

/** `undefined` when the text is no address. One with a zone (`fe80::1%eth0`) is none: it means nothing elsewhere. */
export function familyOf(text: string): 4 | 6 | undefined {
  if (isIPv4(text)) return 4;
  // The pattern behind `isIPv6` takes milliseconds to compile.
  return text.includes(':') && isIPv6(text) && !text.includes('%') ? 6 : undefined;
}

/** @throws Error when the text is no address: callers have validated it */
export function addressBytes(text: string): Buffer {
  const family = familyOf(text);
  if (family === undefined) throw new Error(`not an address: ${text}`);
  if (family === 4) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const bytes = Buffer.alloc(16);
  for (const [index, group] of front.entries()) bytes.writeUInt16BE(group, index * 2);
  for (const [index, group] of back.entries()) bytes.writeUInt16BE(group, 16 - (back.length - index) * 2);
  return bytes;
}

/** The canonical spelling; for IPv6 that of RFC 5952. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) => (bytes[index * 2]! << 8) | bytes[index * 2 + 1]!);
  const { start, length } = longestZeroRun(words);
  const written = (part: readonly number[]): string => part.map((word) => word.toString(16)).join(':');
  if (length < 2) return written(words);
  return `${written(words.slice(0, start))}::${written(words.slice(start + length))}`;
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= words.length; index += 1) {
    if (words[index] === 0) continue;
    if (index - start > best.length) best = { start, length: index - start };
    start = index + 1;
  }
  return best;
}

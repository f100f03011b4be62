/** Byte sizes as Compose writes them: `64m`, `1.5gb`, `2 KiB`, `1048576`. */

const exponents = 'bkmgtp';

/**
 * Bytes, or `undefined` when it is no size.
 * @param unit what a `k` is worth
 */
export function parseSize(text: string, unit: 1000 | 1024 = 1024): number | undefined {
  const match = /^([-+]?\d+\.?\d*|\.\d+) ?(?:([bkmgtp])(?:i?b)?)?$/.exec(text.trim().toLowerCase());
  if (match === null) return undefined;
  const exponent = match[2] === undefined ? 0 : exponents.indexOf(match[2]);
  return Math.trunc(Number(match[1]) * unit ** exponent);
}

/** `logging`: the drivers that are carried out, and how their options are written. @see moby, daemon/logger/jsonfilelog, daemon/logger/local */
import { parseSize } from './sizes.ts';

export const logDrivers: readonly string[] = ['json-file', 'local', 'none'];
/** Of `json-file` and `local`, which are one and the same here but for what they keep by default. */
export const logOptions: readonly string[] = ['max-size', 'max-file'];

export const defaultLogDriver = 'json-file';

/** Bytes; units are powers of 1000. `undefined` when it is no size above 0. */
export function parseLogSize(text: string): number | undefined {
  const bytes = parseSize(text, 1000);
  return bytes === undefined || bytes <= 0 ? undefined : bytes;
}

/** A number of files, 1 at least. */
export function parseLogFiles(text: string): number | undefined {
  return /^[1-9]\d*$/.test(text.trim()) ? Number(text) : undefined;
}

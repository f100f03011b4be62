/** Printed durations and sizes as numbers. */
import { parseDuration } from '../load/durations.ts';
import { parseSize } from '../load/sizes.ts';
import type { Json } from './project.ts';

/** Milliseconds, rounded. */
export function milliseconds(value: Json | undefined): number | undefined {
  const nanos = typeof value === 'string' ? parseDuration(value) : undefined;
  return nanos === undefined ? undefined : Math.round(nanos / 1e6);
}

export function bytes(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseSize(value) : undefined;
}

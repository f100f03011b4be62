/** Go's durations: nanoseconds in image configurations, `1m30s` in text. */
import { TscomposeError } from '../errors.ts';

const perMs = 1_000_000;

/** Nanoseconds as an image's health check has them; 0 and absent both mean "not said". */
export function millisecondsOf(nanoseconds: unknown): number | undefined {
  return typeof nanoseconds === 'number' && nanoseconds > 0 ? nanoseconds / perMs : undefined;
}

export function nanosecondsOf(milliseconds: number): number {
  return Math.round(milliseconds * perMs);
}

const units: Readonly<Record<string, number>> = {
  ns: 1 / perMs,
  us: 0.001,
  µs: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds of a text such as `1m30s` or `1.5h`.
 * @throws TscomposeError `DURATION_INVALID`
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/([0-9]+(?:\.[0-9]*)?)(ns|us|µs|ms|s|m|h)/g)];
  if (text === '' || parts.map(([part]) => part).join('') !== text)
    throw new TscomposeError('DURATION_INVALID', `"${text}" is no duration`, {
      hint: 'write it like 30s or 1m30s',
    });
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit as string] as number), 0);
}

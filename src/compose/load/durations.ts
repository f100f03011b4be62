/** Durations as Compose writes them: `1m30s`, `2h45m`, `300ms`, `1d`, `2w`. */

const nanoseconds: Readonly<Record<string, number | undefined>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 24 * 3600e9,
  w: 7 * 24 * 3600e9,
};

/** A pattern that tries everything takes its time over longer ones. */
const longest = 100;

/** Nanoseconds, or `undefined` when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const simple = /^(\d{1,6})(ms|[smh])$/.exec(text);
  if (simple !== null) return Number(simple[1]) * nanoseconds[simple[2]!]!;
  if (text.length > longest) return undefined;
  const signed = /^([-+]?)(.+)$/s.exec(text);
  if (signed === null) return undefined;
  const body = signed[2]!;
  if (body === '0') return 0;
  if (!/^((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w))+$/.test(body)) return undefined;
  let total = 0;
  for (const part of body.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w)/g)) {
    total += Number(part[1]) * nanoseconds[part[2]!]!;
  }
  return signed[1] === '-' ? -Math.round(total) : Math.round(total);
}

/** As Docker Compose prints them: `1m30s`, `0s`, `1.5s`, `24h0m0s`, `300ms`. */
export function formatDuration(nanos: number): string {
  if (nanos === 0) return '0s';
  const sign = nanos < 0 ? '-' : '';
  const value = Math.abs(nanos);
  if (value < 1e3) return `${sign}${value}ns`;
  if (value < 1e6) return `${sign}${value / 1e3}µs`;
  if (value < 1e9) return `${sign}${value / 1e6}ms`;
  const hours = Math.floor(value / 3600e9);
  const minutes = Math.floor((value % 3600e9) / 60e9);
  const seconds = Number(((value % 60e9) / 1e9).toFixed(9));
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

/** Words of the command line turned into values. Each throws an `Error` whose message says what was expected. */
import { signalNumbered } from '../linux.ts';

export function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new Error(`"${text}" is not a whole number`);
  return Number(text);
}

/** Seconds to milliseconds. */
export function seconds(text: string): number {
  return wholeNumber(text) * 1000;
}

/** A container's number, from 1. */
export function replica(text: string): number {
  const number = wholeNumber(text);
  if (number < 1) throw new Error(`"${text}" is no container number; they start at 1`);
  return number;
}

/** `--tail`: a number of lines; `all`, and less than nothing as Docker has it, is `Infinity`. */
export function tail(text: string): number {
  const lines = text === 'all' ? -1 : wholeNumber(text);
  return lines < 0 ? Number.POSITIVE_INFINITY : lines;
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * `--since`, `--until`: a date (`2024-05-01T10:00:00Z`), seconds since the epoch, or a time ago (`10m`, `1h30m`).
 * Answers a function of the present, in milliseconds since the epoch, so that parsing needs no clock.
 */
export function moment(text: string): (now: number) => number {
  if (/^\d+(\.\d+)?$/.test(text)) return () => Number(text) * 1000;
  if (/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
    const ago = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
      (sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit ?? ''] ?? 0),
      0,
    );
    return (now) => now - ago;
  }
  const at = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new Error(`"${text}" is neither a time such as 2024-05-01T10:00:00Z nor one ago such as 10m`);
  return () => at;
}

/** `SERVICE=NUMBER` of `--scale` and `scale`. */
export function scaleOf(words: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    words.map((word) => {
      const [, service, count] = /^([^=]+)=(\d+)$/.exec(word) ?? [];
      if (service === undefined || count === undefined)
        throw new Error(`"${word}" is not of the form SERVICE=NUMBER`);
      return [service, Number(count)];
    }),
  );
}

/** `K=V` words to a map; a bare `K` takes its value from the environment, and is left out when it has none. */
export function variables(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    const name = at === -1 ? word : word.slice(0, at);
    const value = at === -1 ? environment[name] : word.slice(at + 1);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

/** `KEY=VALUE` words of `--label`; a bare key has an empty value. */
export function labels(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at === -1 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** `SIGTERM`, `TERM`, `15`. */
export function signalNamed(text: string): string {
  if (signalNumbered(text) !== undefined) return text;
  throw new Error(`there is no signal "${text}"; write a name such as SIGTERM, or a number from 1 to 64`);
}

/** What a person answered; silence, and no terminal to ask on, are no. */
export function isYes(answer: string | undefined): boolean {
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

/**
 * What an unquoted YAML word means. Follows the reader that Docker Compose uses: YAML 1.2 booleans,
 * but leading-zero octal, `0b` and digit separators of YAML 1.1.
 */
import type { ScalarValue } from './node.ts';

export function resolvePlain(text: string): ScalarValue {
  const first = text.charCodeAt(0);
  if (Number.isNaN(first)) return null;
  if (text.length <= longestWord && Object.hasOwn(words, text)) return words[text]!;
  const digit = first >= 48 && first <= 57;
  // Only + - . and digits can start a number, and few letters are in one: `30s` and `./data` are most often meant.
  if (!digit && first !== 43 && first !== 45 && first !== 46) return text;
  if (!/^[-+.\da-fA-FxXoO_]+$/.test(text)) return text;
  return resolveInteger(text) ?? resolveFloat(text) ?? text;
}

const words: Readonly<Record<string, ScalarValue>> = {
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

const longestWord = 'false'.length;

function resolveInteger(text: string): number | undefined {
  const match = /^([-+]?)(0x[0-9a-fA-F_]+|0b[01_]+|0o?[0-7_]+|[1-9][0-9_]*|0)$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2]!.replaceAll('_', '');
  const value = /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  // Longer ones keep their digits as text rather than lose some.
  if (!Number.isSafeInteger(value)) return undefined;
  return match[1] === '-' ? -value : value;
}

function resolveFloat(text: string): number | undefined {
  return /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text) && /[.eE]|^[-+]?0\d/.test(text)
    ? Number(text)
    : undefined;
}

/** A scalar as text, where a number or boolean stands for a string: `environment: {A: 1.50}` is "1.5". */
export function scalarText(value: string | number | boolean): string {
  if (typeof value !== 'number') return String(value);
  const magnitude = Math.abs(value);
  const isShort = magnitude >= 1e-4 && (magnitude < 1e6 || Number.isSafeInteger(value));
  if (isShort || magnitude === 0) return String(value);
  // The reference writes exponents of at least two digits, and writes them earlier than JavaScript does.
  return value.toExponential().replace(/e([-+])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`);
}

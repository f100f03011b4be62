import { lazy } from './rules.ts';

/** The orders in which the reference prints the keys of a map. */
export type Order = (a: string, b: string) => number;

/** In JSON. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** In YAML: numbers by what they count, letters behind all other signs, but behind a digit before them. */
export function byName(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return isLetter(one) && isLetter(other) ? one - other : bySigns(a, b, at);
  }
  return a.length - b.length;
}

function isLetter(code: number): boolean {
  const small = code | 0x20;
  return (small >= 0x61 && small <= 0x7a) || (code > 0x7f && letter().test(String.fromCharCode(code)));
}

/** It takes a while to make, and most names have no use for it. */
const letter = lazy(() => /\p{L}/u);

/** Of names that are the same before that place, and do not both have a letter there. */
function bySigns(a: string, b: string, at: number): number {
  const isOwnLetter = isLetter(a.charCodeAt(at));
  if (isOwnLetter || isLetter(b.charCodeAt(at))) {
    const isBehindDigit = isDigit(a.charCodeAt(at - 1));
    return isOwnLetter === isBehindDigit ? -1 : 1;
  }
  return byNumber(a, b, at) || a.charCodeAt(at) - b.charCodeAt(at);
}

/** By the numbers that begin there, zeros within a number included; 0 when they are the same. */
function byNumber(a: string, b: string, at: number): number {
  const ownEnd = digitsEnd(a, at);
  const otherEnd = digitsEnd(b, at);
  const isZero = a.charAt(at) === '0' || b.charAt(at) === '0';
  const lead = isZero && /[1-9]\d*$/.test(a.slice(0, at)) ? '1' : '';
  return Number(lead + a.slice(at, ownEnd)) - Number(lead + b.slice(at, otherEnd)) || ownEnd - otherEnd;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The keys of a map in an order, which most of them have already. */
export function sortedKeys(map: ReadonlyMap<string, unknown>, order: Order = byText): readonly string[] {
  const keys: string[] = [];
  let isSorted = true;
  let last: string | undefined;
  map.forEach((_, key) => {
    if (isSorted && last !== undefined && order(last, key) > 0) isSorted = false;
    last = key;
    keys.push(key);
  });
  if (isSorted) return keys;
  return keys.length > few ? keys.sort(order) : sortFew(keys, order);
}

/** V8 sorts in lists of its own, which takes longer than to sort so few. */
const few = 12;

function sortFew(keys: string[], order: Order): string[] {
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end]!;
    let at = end;
    for (; at > 0 && order(keys[at - 1]!, key) > 0; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

/** The orders in which the reference prints the keys of a map. */
export type Order = (a: string, b: string) => number;

/** In JSON. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** In YAML: numbers by what they count, letters behind all other signs, but behind a digit before them. */
export function byName(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === length) return a.length - b.length;
  const isLetter = letter.test(a.charAt(at));
  if (isLetter !== letter.test(b.charAt(at))) {
    const isBehindDigit = at > 0 && digit.test(a.charAt(at - 1));
    return isLetter === isBehindDigit ? -1 : 1;
  }
  return (isLetter ? 0 : byNumber(a, b, at)) || a.charCodeAt(at) - b.charCodeAt(at);
}

const letter = /\p{L}/u;
const digit = /\d/;

/** By the numbers that begin there, zeros within a number included; 0 when they are the same. */
function byNumber(a: string, b: string, at: number): number {
  const [before = ''] = /[1-9]?\d*$/.exec(a.slice(0, at)) ?? [];
  const isWithin = /[1-9]/.test(before) && (a.charAt(at) === '0' || b.charAt(at) === '0') ? '1' : '';
  const [own, other] = [a, b].map((text) => /^\d*/.exec(text.slice(at))?.[0] ?? '') as [string, string];
  return Number(isWithin + own) - Number(isWithin + other) || own.length - other.length;
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

/** The order in which the reference prints the keys of a map. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The keys of a map in this order, which most of them have already. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): readonly string[] {
  const keys: string[] = [];
  let isSorted = true;
  let last = '';
  map.forEach((_, key) => {
    if (key < last) isSorted = false;
    last = key;
    keys.push(key);
  });
  if (isSorted) return keys;
  return keys.length > few ? keys.sort(byText) : sortFew(keys);
}

/** V8 sorts in lists of its own, which takes longer than to sort so few. */
const few = 12;

function sortFew(keys: string[]): string[] {
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end]!;
    let at = end;
    for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

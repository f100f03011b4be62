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
  return isSorted ? keys : keys.sort(byText);
}

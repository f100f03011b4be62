/** The order in which the reference prints the keys of a map. */
export function byText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The keys of a map in this order, which most of them have already. */
export function sortedKeys(map: ReadonlyMap<string, unknown>): readonly string[] {
  const keys: string[] = [];
  let isSorted = true;
  map.forEach((_, key) => {
    if (keys.length > 0 && byText(keys.at(-1)!, key) > 0) isSorted = false;
    keys.push(key);
  });
  return isSorted ? keys : keys.sort(byText);
}

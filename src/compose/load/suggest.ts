/** The known word that a misspelt one was probably meant to be. */

/** `undefined` when nothing is near enough to be worth saying. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const distance = editDistance(simplify(word), simplify(candidate), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean "x"?`, or what is there to choose from, or nothing. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const found = nearest(word, known);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}

/** The service that was probably meant, else what there is to choose from, when that is not too much. */
export function serviceHint(word: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  const near = suggestion(word, names);
  if (near !== undefined || names.length === 0 || names.length > 12) return near;
  const [last, ...others] = names.sort().reverse();
  return others.length === 0
    ? `the only service is ${last}`
    : `the services are ${others.reverse().join(', ')} and ${last}`;
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}

/** Levenshtein distance with swaps of neighbours counted once; stops early above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, previous[j - 2]! + 1);
      }
      next.push(cost);
    }
    previous = row;
    row = next;
  }
  return row[b.length]!;
}

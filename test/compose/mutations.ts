/** Random changes that come out the same for the same seed. */
import type { Json } from '../../src/compose/model/project.ts';

export type Random = (below: number) => number;

/** Numbers from 0 on, each below what is asked for. */
export function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)]!;
}

const values: readonly Json[] = [
  null,
  '',
  'text',
  0,
  -1,
  1.5,
  true,
  [],
  {},
  ['a', 'a'],
  [{ a: 1 }],
  { a: 'b' },
  { a: null },
];

/** The same tree with one value, key or item of it changed. */
export function mutated(tree: Json, random: Random): Json {
  if (tree === null || typeof tree !== 'object' || random(8) === 0) return pick(random, values);
  if (Array.isArray(tree)) {
    const at = random(tree.length + 1);
    if (at === tree.length) return [...tree, pick(random, [...tree, ...values])];
    return tree.map((item, index) => (index === at ? mutated(item, random) : item));
  }
  const entries = Object.entries(tree);
  const at = random(entries.length + 1);
  if (at === entries.length)
    return { ...tree, [pick(random, ['extra', 'x-own', 'a b', ''])]: pick(random, values) };
  return Object.fromEntries(
    entries.map(([key, value], index) => [key, index === at ? mutated(value, random) : value]),
  );
}

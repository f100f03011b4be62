/**
 * Tables keyed by path: `services.*.ports` says something about every service's ports.
 * `*` stands for any key, `[]` for any list item. Walk a tree and its table side by side with `step`.
 */

export interface Rules<T> {
  readonly value?: T;
  readonly children: ReadonlyMap<string, Rules<T>>;
}

/** Builds the tree of a table. Called on first use: importing a file must do no work. */
export function rules<T>(table: Readonly<Record<string, T>>): Rules<T> {
  const root: Growing<T> = { children: new Map() };
  for (const [path, value] of Object.entries(table)) {
    let place = root;
    for (const key of path.split('.')) {
      let next = place.children.get(key);
      if (next === undefined) {
        next = { children: new Map() };
        place.children.set(key, next);
      }
      place = next;
    }
    place.value = value;
  }
  return root;
}

interface Growing<T> {
  value?: T;
  readonly children: Map<string, Growing<T>>;
}

export function step<T>(from: Rules<T> | undefined, key: string): Rules<T> | undefined {
  return from?.children.get(key) ?? from?.children.get('*');
}

export function stepItem<T>(from: Rules<T> | undefined): Rules<T> | undefined {
  return from?.children.get('[]');
}

/** A value computed on first use. */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Small graphs of names: who depends on whom. Every answer is the same for the same graph, whatever its insertion order. */

/** Name → the names it depends on. Names that are no keys are ignored. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/** One cycle as a closed path, `['a', 'b', 'a']`, or nothing. */
export function findCycle(graph: Graph): readonly string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];

  const visit = (name: string): readonly string[] | undefined => {
    if (finished.has(name) || !graph.has(name)) return undefined;
    const start = path.indexOf(name);
    if (start >= 0) return [...path.slice(start), name];
    path.push(name);
    for (const next of dependenciesOf(graph, name)) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    finished.add(name);
    return undefined;
  };

  for (const name of sortedNames(graph)) {
    const cycle = visit(name);
    if (cycle) return cycle;
  }
  return undefined;
}

/** All names, each after what it depends on; alphabetical where the graph leaves the choice. The graph has no cycle. */
export function dependencyOrder(graph: Graph): readonly string[] {
  const order = new Set<string>();
  const visit = (name: string): void => {
    if (order.has(name) || !graph.has(name)) return;
    for (const next of dependenciesOf(graph, name)) visit(next);
    order.add(name);
  };
  for (const name of sortedNames(graph)) visit(name);
  return [...order];
}

/** The roots and everything they depend on, directly or through others. */
export function reachable(graph: Graph, roots: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !graph.has(name)) continue;
    found.add(name);
    open.push(...dependenciesOf(graph, name));
  }
  return found;
}

/** The same names with every arrow turned round. */
export function reversed(graph: Graph): Graph {
  const result = new Map<string, string[]>([...graph.keys()].map((name) => [name, []]));
  for (const [name, dependencies] of graph) {
    for (const dependency of dependencies) result.get(dependency)?.push(name);
  }
  return result;
}

function sortedNames(graph: Graph): readonly string[] {
  return [...graph.keys()].sort();
}

function dependenciesOf(graph: Graph, name: string): readonly string[] {
  return [...(graph.get(name) ?? [])].sort();
}

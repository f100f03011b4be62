/** Services that wait for each other: the circle is shown as a path. */
import { child, entriesOf } from '../node.ts';
import type { Span } from '../source.ts';
import type { Whole } from './index.ts';

interface Edge {
  readonly to: string;
  readonly at: Span;
}

export function checkCycles({ enabled, problems }: Whole): void {
  const edges = new Map<string, readonly Edge[]>();
  for (const { name, service } of enabled) {
    const targets = [...entriesOf(child(service, 'depends_on'))];
    edges.set(
      name,
      targets.map(([to, entry]) => ({ to, at: entry })),
    );
  }
  const finished = new Set<string>();
  for (const name of edges.keys()) {
    const cycle = findCycle(name, edges, finished);
    if (cycle === undefined) continue;
    problems.add({
      code: 'COMPOSE_CYCLE',
      message: `dependency cycle detected: ${cycle.path.join(' -> ')}`,
      at: cycle.at,
      hint: 'none of them could ever start; take one of these dependencies out',
    });
  }
}

/** Depth first with its own stack: chains may be long. */
function findCycle(
  start: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  finished: Set<string>,
): { path: readonly string[]; at: Span } | undefined {
  const path: { name: string; next: number }[] = [];
  const onPath = new Set<string>();
  const enter = (name: string): void => {
    path.push({ name, next: 0 });
    onPath.add(name);
  };
  if (!finished.has(start)) enter(start);
  while (path.length > 0) {
    const top = path.at(-1)!;
    const edge = edges.get(top.name)?.[top.next++];
    if (edge === undefined) {
      finished.add(top.name);
      onPath.delete(top.name);
      path.pop();
    } else if (onPath.has(edge.to)) {
      const names = path.map((step) => step.name);
      for (const name of names) finished.add(name);
      return { path: [...names.slice(names.indexOf(edge.to)), edge.to], at: edge.at };
    } else if (!finished.has(edge.to) && edges.has(edge.to)) enter(edge.to);
  }
  return undefined;
}

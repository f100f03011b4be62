/** A plan as a graph for programs that draw: an arrow leads from each node to those that come after it. */
import type { NodeId, Plan } from './plan.ts';
import { describeAction, headline } from './print.ts';

/** Mermaid, as Markdown on the web shows it in a block called `mermaid`. */
export function drawMermaid(plan: Plan): string {
  return drawn(plan, {
    head: ['%% ' + headline(plan), 'flowchart TD'],
    node: (name, lines) => `  ${name}["${lines.map(mermaidText).join('<br>')}"]`,
    edge: (from, to) => `  ${from} --> ${to}`,
    foot: [],
  });
}

/** DOT, for Graphviz: `tscompose plan --format dot | dot -Tsvg`. */
export function drawDot(plan: Plan): string {
  return drawn(plan, {
    head: [
      `digraph "${dotText(plan.project)}" {`,
      `  label="${dotText(headline(plan))}";`,
      '  node [shape=box];',
    ],
    node: (name, lines) => `  ${name} [label="${lines.map(dotText).join('\\n')}"];`,
    edge: (from, to) => `  ${from} -> ${to};`,
    foot: ['}'],
  });
}

interface Pencil {
  readonly head: readonly string[];
  readonly node: (name: string, lines: readonly string[]) => string;
  readonly edge: (from: string, to: string) => string;
  readonly foot: readonly string[];
}

/** Nodes go by numbers: their ids may hold what a language of graphs takes for its own. */
function drawn({ nodes }: Plan, { head, node, edge, foot }: Pencil): string {
  const names = new Map<NodeId, string>(nodes.map(({ id }, index) => [id, `n${index + 1}`]));
  const nameOf = (id: NodeId): string => names.get(id)!;
  return [
    ...head,
    ...nodes.map(({ id, action, because }) => node(nameOf(id), [describeAction(action), because])),
    ...nodes.flatMap(({ id, after }) => after.map((before) => edge(nameOf(before), nameOf(id)))),
    ...foot,
  ].join('\n');
}

/** Entities by number are read in every quoted text; a backtick at its beginning would make it Markdown. */
function mermaidText(text: string): string {
  return text.replace(/["#&<>`\\]/g, (character) => `#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}

function dotText(text: string): string {
  return text.replace(/["\\]/g, '\\$&').replace(/\s+/g, ' ');
}

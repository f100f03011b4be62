/** What the two readers of YAML make of a text, in a form that can be compared. */
import type { Node } from '../../src/compose/load/node.ts';
import { collectProblems } from '../../src/compose/load/problems.ts';
import { readQuickly } from '../../src/compose/load/quick/read.ts';
import { makeSource } from '../../src/compose/load/source.ts';
import { parseYaml } from '../../src/compose/load/yaml.ts';

/** `undefined`: left to the thorough reader. */
export function quickly(text: string): unknown {
  return readQuickly(makeSource('/f', text))?.map(outline);
}

/** `undefined`: there are mistakes. */
export function thoroughly(text: string): unknown {
  const problems = collectProblems();
  const documents = parseYaml(makeSource('/f', text), problems);
  return problems.count === 0 ? documents.map(outline) : undefined;
}

/** Every value with the place where it begins and, if it is a word, ends, and how it came there. */
function outline(node: Node): unknown {
  const { start, tag, trace } = node;
  const { through = [], over } = trace ?? {};
  const mark = {
    ...(tag === undefined ? {} : { tag }),
    ...(through.length === 0
      ? {}
      : { through: through.map((step) => [step.how, step.at.start, step.at.end]) }),
    ...(over === undefined ? {} : { over: outline(over) }),
  };
  if (node.kind === 'list') return { ...mark, start, items: node.items.map(outline) };
  if (node.kind === 'map') {
    const entries = [...node.entries].map(([name, entry]) => [
      name,
      entry.start,
      entry.end,
      outline(entry.value),
    ]);
    return { ...mark, start, entries };
  }
  const { value } = node;
  if (value === null) return { ...mark, value };
  const isBlock = '|>'.includes(node.source.text[start]!);
  return { ...mark, value, start, ...(isBlock ? {} : { end: node.end }) };
}

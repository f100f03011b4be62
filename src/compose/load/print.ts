/** A project as `config` prints it, and the lists that `config --services` and its like print. */
import type { Json, Project } from '../model/project.ts';
import { type Identity, identities } from './merge-rules.ts';
import { define, type Entry, entryOf, list, type MapNode, map, type Node, scalar } from './node.ts';
import { escaped, joined, piecesOf } from './pieces.ts';
import { acceptPrintedKeys } from './printed-keys.ts';
import { collectProblems } from './problems.ts';
import { lazy, type Rules, rules, step, stepItem } from './rules.ts';
import { extensionsOf } from './shape/extensions.ts';
import { makeSource, type Span } from './source.ts';
import { writeYaml } from './write-yaml.ts';

export interface PrintOptions {
  /** False for a project loaded without interpolation: its dollars are its own. */
  readonly escapeDollars?: boolean;
}

/** Ends with a line break. Literal dollars are doubled, so that what is printed loads to the same project. */
export async function printConfig(
  project: Pick<Project, 'canonical'>,
  format: 'yaml' | 'json',
  options: PrintOptions = {},
): Promise<string> {
  const tree = project.canonical;
  const isTyped = options.escapeDollars !== false;
  if (format === 'json') return isTyped ? escaped(json(tree, isTyped)) : json(tree, isTyped);
  return isTyped ? joined(piecesOf(acceptPrintedKeys(treeOf(tree)), collectProblems())) : writeYaml(tree);
}

/** With what YAML alone shows: extensions. */
function treeOf(canonical: JsonMap): MapNode {
  const entries = new Map<string, Entry>();
  for (const part of [canonical, extensionsOf(canonical) ?? {}])
    for (const key of Object.keys(part)) entries.set(key, entryOf(nowhere, nodeOf(part[key]!)));
  return map(entries, nowhere);
}

function nodeOf(value: Json): Node {
  if (value === null || typeof value !== 'object') return scalar(value, nowhere);
  return Array.isArray(value) ? list(value.map(nodeOf), nowhere) : treeOf(value as JsonMap);
}

/** A canonical form does not know any more where it was written. */
const nowhere: Span = { source: makeSource('', ''), start: 0, end: 0 };

/** The reference's JSON leaves models out, except when it prints a tree without types. */
function json(tree: JsonMap, isTyped: boolean): string {
  const { models: _, ...printed } = tree;
  const whole = isTyped ? printed : withNulls(tree, { kept: identities(), nulled: nulled() });
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Where nothing has a type the reference has null for an empty list, unless it has looked for repetitions in it. */
function withNulls(value: Json, { kept, nulled }: Lists): Json {
  if (Array.isArray(value) && value.length === 0)
    return kept?.value === undefined || nulled?.value === true ? null : value;
  if (Array.isArray(value))
    return value.map((item) => withNulls(item, { kept: stepItem(kept), nulled: stepItem(nulled) }));
  if (value === null || typeof value !== 'object') return value;
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value))
    define(result, key, withNulls(item, { kept: step(kept, key), nulled: step(nulled, key) }));
  return result;
}

interface Lists {
  readonly kept: Rules<Identity> | undefined;
  readonly nulled: Rules<true> | undefined;
}

/** Lists that it makes anew afterwards, or forgets about. */
const nulled = lazy(() =>
  rules<true>({ 'services.*.environment': true, 'services.*.build.args': true, 'volumes.*.labels': true }),
);

type JsonMap = { readonly [key: string]: Json };

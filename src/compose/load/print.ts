/** A project as `config` prints it, and the lists that `config --services` and its like print. */
import type { Json, Project } from '../model/project.ts';
import { mapOf } from '../model/read.ts';
import { type Identity, identities } from './merge-rules.ts';
import { define } from './node.ts';
import { lazy, type Rules, rules, step, stepItem } from './rules.ts';
import { carryExtensions, extensionsOf } from './shape/extensions.ts';
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
  return isTyped ? escaped(writeYaml(readable(tree))) : writeYaml(tree);
}

/** In neither language a dollar means anything: wherever one stands it is the text's own. */
export function escaped(text: string): string {
  return text.replaceAll('$', '$$$$');
}

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
  return mapEntries(value, (item, key) =>
    withNulls(item, { kept: step(kept, key), nulled: step(nulled, key) }),
  );
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

/** Sections of a project in YAML; extensions stand behind them. */
export const order: readonly string[] = [
  'name',
  'services',
  'networks',
  'volumes',
  'secrets',
  'configs',
  'models',
];

/** YAML output leaves out what says nothing: absent commands, empty sections that JSON always has. */
function readable(tree: JsonMap): JsonMap {
  const keys = Object.keys(tree).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(
    keys.map((key) => [key, key === 'services' || key === 'networks' ? tidy(tree[key]!) : tree[key]!]),
  );
}

function rank(key: string): number {
  const place = order.indexOf(key);
  return place === -1 ? order.length : place;
}

function tidy(section: Json): Json {
  const result: Record<string, Json> = {};
  for (const [name, resource] of Object.entries(mapOf(section))) define(result, name, tidied(resource));
  return result;
}

/** Of a service or network. */
function tidied(resource: Json): Json {
  if (resource === null) return null;
  const tree = mapOf(resource);
  const result: Record<string, Json> = {};
  for (const key of Object.keys(tree)) {
    const value = tidyValue(key, tree[key]!);
    if (value !== undefined) define(result, key, value);
  }
  carryExtensions(tree, result);
  return result;
}

function tidyValue(key: string, value: Json): Json | undefined {
  switch (key) {
    case 'command':
    case 'entrypoint':
      return value ?? undefined;
    case 'ipam':
      return isEmpty(value) ? undefined : value;
    case 'blkio_config':
      return mapEntries(value, withLowerKeys);
    case 'develop':
      return mapEntries(value, withoutEmptyCommands);
    case 'deploy':
      return mapEntries(value, (part, name) =>
        (name === 'resources' || name === 'placement') && isEmpty(part) ? undefined : part,
      );
    default:
      return value;
  }
}

/** JSON always has the command that runs after a change, though there be none. */
function withoutEmptyCommands(rules: Json): Json {
  if (!Array.isArray(rules)) return rules;
  return rules.map((rule) =>
    mapEntries(rule, (value, key) => (key === 'exec' && mapOf(value).command === null ? undefined : value)),
  );
}

/** The keys of limits have capitals in JSON only. */
function withLowerKeys(limits: Json): Json {
  if (!Array.isArray(limits)) return limits;
  return limits.map((limit) =>
    Object.fromEntries(Object.entries(mapOf(limit)).map(([key, value]) => [key.toLowerCase(), value])),
  );
}

/** Keeps identity, and copies nothing, when nothing changed. */
function mapEntries(value: Json, change: (value: Json, key: string) => Json | undefined): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const tree = value as JsonMap;
  const keys = Object.keys(tree);
  const changed = keys.map((key) => change(tree[key]!, key));
  if (keys.every((key, index) => changed[index] === tree[key])) return value;
  const result: Record<string, Json> = {};
  changed.forEach((next, index) => {
    if (next !== undefined) define(result, keys[index]!, next);
  });
  carryExtensions(tree, result);
  return result;
}

function isEmpty(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.keys(value).length === 0 && extensionsOf(value) === undefined;
}

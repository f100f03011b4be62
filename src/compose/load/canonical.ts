/** Phase: the tree as plain JSON, as `docker compose config --format json` prints it. */
import type { Json } from '../model/project.ts';
import { isExtension } from './extensions.ts';
import { define, entriesOf, type MapNode } from './node.ts';
import { byText } from './order.ts';
import type { Problems } from './problems.ts';
import type { Selection } from './select.ts';
import { sortedJson } from './shape/extensions.ts';
import { type JsonMap, shapeStruct } from './shape/index.ts';
import { project } from './shape/resources.ts';

export interface CanonicalForm {
  readonly project: JsonMap;
  /** Services that are off, in the same form. */
  readonly disabled: JsonMap;
}

export function canonicalForm(tree: MapNode, selection: Selection, problems: Problems): CanonicalForm {
  const all = shapeStruct(tree, project(), { tree, problems });
  const services = (all.services ?? {}) as JsonMap;
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(all)) {
    if (key === 'services') result[key] = pick(services, selection.enabled);
    else if (!isEmptyMap(value)) result[key] = value;
  }
  if (result.services === undefined) result.services = {};
  for (const [key, entry] of entriesOf(tree)) {
    if (isExtension(key)) define(result, key, sortedJson(entry.value));
  }
  return { project: sortKeys(result), disabled: pick(services, selection.disabled) };
}

/** Without types and zeros: what `--no-interpolate` prints, with keys in order. */
export function rawForm(tree: MapNode): JsonMap {
  return sortedJson(tree) as JsonMap;
}

function pick(services: JsonMap, names: ReadonlySet<string>): JsonMap {
  const picked: Record<string, Json> = {};
  for (const [name, value] of Object.entries(services)) if (names.has(name)) define(picked, name, value);
  return picked;
}

function isEmptyMap(value: Json): boolean {
  return (
    value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function sortKeys(value: JsonMap): JsonMap {
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value).sort(byText)) define(result, key, value[key]!);
  return result;
}

/** Phase: names without value take the caller's; then `env_file`s and `label_file`s are read and folded in. */
import { parseEnvFile, parseRawEnvFile } from './dotenv.ts';
import { reportEnvProblem, warnUnsetInFile } from './environment.ts';
import {
  child,
  type Entry,
  itemsOf,
  type MapNode,
  map,
  mapValues,
  type Node,
  scalar,
  stringOf,
  updateIn,
  withKey,
  withoutKey,
} from './node.ts';
import { keyValues } from './normalise/build.ts';
import type { Problems } from './problems.ts';
import type { Reader } from './reader.ts';
import type { Lookup } from './variables.ts';

/**
 * `environment: [K]` and `build.args: [K]` with the value that `K` has now.
 * When it has none a variable stays null, which unsets it in the container; an argument goes.
 */
export function resolveNamesWithoutValue(tree: MapNode, lookup: Lookup): MapNode {
  return updateIn(tree, ['services'], (services) => {
    if (services.kind !== 'map') return services;
    return mapValues(services, (service) => {
      if (service.kind !== 'map') return service;
      const resolved = updateIn(service, ['environment'], (node) => resolvePairs(node, lookup, true));
      return updateIn(resolved, ['build', 'args'], (node) => resolvePairs(node, lookup, false));
    });
  }) as MapNode;
}

function resolvePairs(node: Node, lookup: Lookup, keepUnset: boolean): Node {
  const pairs = keyValues(node);
  if (pairs.kind !== 'map') return node;
  return mapValues(pairs, (value, name) => {
    if (value.kind !== 'scalar' || value.value !== null) return value;
    const found = lookup(name);
    if (found !== undefined) return scalar(found, value.at);
    return keepUnset ? value : undefined;
  });
}

export interface FileContext {
  readonly reader: Reader;
  readonly lookup: Lookup;
  readonly problems: Problems;
}

/** One service: the files' values lie under what is written in `environment` and `labels`. */
export async function foldFiles(service: MapNode, context: FileContext): Promise<MapNode> {
  return foldLabels(await foldEnvironment(service, context), context);
}

async function foldEnvironment(service: MapNode, context: FileContext): Promise<MapNode> {
  const files = child(service, 'env_file');
  if (files === undefined) return service;
  const own = pairsOf(child(service, 'environment'));
  const read = new Map<string, Entry>();
  const earlier: Lookup = (name) => textIn(read.get(name)?.value) ?? textIn(own.get(name)?.value);
  for (const file of itemsOf(files)) await readInto(file, read, earlier, context);
  const merged = new Map([...read, ...own]);
  return withKey(withoutKey(service, 'env_file'), 'environment', map(merged, files.at));
}

async function readInto(
  file: Node,
  into: Map<string, Entry>,
  earlier: Lookup,
  { reader, lookup, problems }: FileContext,
): Promise<void> {
  const pathNode = child(file, 'path');
  const path = stringOf(pathNode);
  if (pathNode === undefined || path === undefined) return;
  const required = child(file, 'required');
  const text = await reader.readText(path);
  if (text === undefined) {
    if (required?.kind === 'scalar' && required.value === false) return;
    problems.add({
      code: 'COMPOSE_ENV_FILE',
      message: `env file ${path} not found`,
      at: pathNode.at,
      hint: 'make the file, or write {path: …, required: false}',
    });
    return;
  }
  const raw = stringOf(child(file, 'format')) === 'raw';
  const parsed = raw ? parseRawEnvFile(text, lookup) : parseEnvFile(text, lookup, earlier);
  warnUnsetInFile(path, text, parsed.unset, problems);
  if (parsed.problem !== undefined) reportEnvProblem(path, text, parsed.problem, problems);
  for (const [name, value] of parsed.values) {
    into.set(name, { key: pathNode.at, value: scalar(value, pathNode.at) });
  }
}

async function foldLabels(service: MapNode, { reader, problems }: FileContext): Promise<MapNode> {
  const files = child(service, 'label_file');
  if (files === undefined) return service;
  const read = new Map<string, Entry>();
  for (const file of itemsOf(files)) {
    const path = stringOf(file);
    const text = path === undefined ? undefined : await reader.readText(path);
    if (path === undefined || text === undefined) {
      problems.add({
        code: 'COMPOSE_LABEL_FILE',
        message: `label file ${path} not found`,
        at: file.at,
        hint: 'make the file, or take it out of label_file',
      });
      continue;
    }
    const parsed = parseEnvFile(text, (name) => textIn(read.get(name)?.value));
    if (parsed.problem !== undefined) reportEnvProblem(path, text, parsed.problem, problems);
    for (const [name, value] of parsed.values) {
      read.set(name, { key: file.at, value: scalar(value, file.at) });
    }
  }
  const merged = new Map([...read, ...pairsOf(child(service, 'labels'))]);
  return withKey(withoutKey(service, 'label_file'), 'labels', map(merged, files.at));
}

function pairsOf(node: Node | undefined): ReadonlyMap<string, Entry> {
  const pairs = node === undefined ? undefined : keyValues(node);
  return pairs?.kind === 'map' ? pairs.entries : new Map();
}

function textIn(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

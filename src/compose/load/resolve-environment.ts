/** Phase: names without value take the caller's; then `env_file`s and `label_file`s are read and folded in. */
import { parseEnvFile, parseRawEnvFile } from './dotenv.ts';
import { assignmentsOf, type LineAssignment } from './env-origins.ts';
import { type Environment, reportEnvProblem, warnUnsetInFile } from './environment.ts';
import {
  child,
  type Entry,
  entryOf,
  isNull,
  itemsOf,
  type MapNode,
  map,
  mapValues,
  type Node,
  scalar,
  stringOf,
  updateIn,
  withItems,
  withKey,
  withoutKey,
} from './node.ts';
import { keyValues } from './normalise/build.ts';
import type { Problems } from './problems.ts';
import type { Span } from './source.ts';
import { type FindOrigin, type Through, takingPlace, through, tracedSpan } from './trace.ts';
import type { Lookup } from './variables.ts';

/**
 * `environment: [K]` and `build.args: [K]` with the value that `K` has now.
 * When it has none a variable stays null, which unsets it in the container; an argument goes.
 */
export function resolveNamesWithoutValue(tree: MapNode, environment: Environment): MapNode {
  return updateIn(tree, ['services'], (services) => {
    if (services.kind !== 'map') return services;
    return mapValues(services, (service) => {
      if (service.kind !== 'map') return service;
      const resolved = updateIn(service, ['environment'], (node) => resolvePairs(node, environment, true));
      return updateIn(resolved, ['build', 'args'], (node) => resolvePairs(node, environment, false));
    });
  }) as MapNode;
}

function resolvePairs(node: Node, { variables, origin }: Environment, keepUnset: boolean): Node {
  const pairs = keyValues(node);
  if (pairs.kind !== 'map') return node;
  return mapValues(pairs, (value, name) => {
    if (value.kind !== 'scalar' || value.value !== null) return value;
    const found = variables.get(name);
    if (found === undefined) return keepUnset ? value : undefined;
    return scalar(found, tracedSpan(value, { template: { text: `\${${name}}`, origin } }));
  });
}

/** As far as it goes where no variable is looked up: an argument without value goes all the same. */
export function withoutUnsetArgs(tree: MapNode): MapNode {
  return updateIn(tree, ['services'], (services) => {
    if (services.kind !== 'map') return services;
    return mapValues(services, (service) =>
      updateIn(service, ['build', 'args'], (args) => {
        if (args.kind === 'map') return mapValues(args, (value) => (isNull(value) ? undefined : value));
        const items = itemsOf(args).filter((item) => stringOf(item)?.includes('='));
        return args.kind === 'list' ? withItems(args, items) : args;
      }),
    );
  }) as MapNode;
}

type Entries = ReadonlyMap<string, Entry>;

export interface FileContext {
  /** What cannot be read is blamed on `at`. */
  readonly readText: (path: string, at: Span) => Promise<string | undefined>;
  readonly environment: Environment;
  readonly problems: Problems;
  readonly only?: 'labels' | undefined;
}

/** One service: the files' values lie under what is written in `environment` and `labels`. */
export async function foldFiles(service: MapNode, context: FileContext): Promise<MapNode> {
  return foldLabels(context.only === 'labels' ? service : await foldEnvironment(service, context), context);
}

async function foldEnvironment(service: MapNode, context: FileContext): Promise<MapNode> {
  const files = child(service, 'env_file');
  if (files === undefined) return service;
  const own = pairsOf(child(service, 'environment'));
  let read: Entries = new Map();
  const earlier: Lookup = (name) => textIn(read.get(name)?.value) ?? textIn(own.get(name)?.value);
  const origin: FindOrigin = (name) => originIn(read.get(name)) ?? originIn(own.get(name));
  for (const file of itemsOf(files))
    read = layOver(read, await readEntries(file, { earlier, origin }, context));
  return withKey(withoutKey(service, 'env_file'), 'environment', map(layOver(read, own), files));
}

/** All of both, those of `below` first; what stands in both is `above`'s. */
function layOver(below: Entries, above: Entries): Entries {
  const merged = new Map(below);
  for (const [name, entry] of above) {
    const before = below.get(name)?.value;
    const value = before === undefined ? entry.value : takingPlace(entry.value, before);
    merged.set(name, entryOf(entry, value));
  }
  return merged;
}

/** Variables with the lines that set them, in the file that `step` led to. */
function entriesFrom(found: ReadonlyMap<string, LineAssignment>, step: Through): Entries {
  const entry = (name: string, assignment: LineAssignment): Entry => {
    const { source, start } = assignment.from;
    const key = { source, start, end: start + name.length };
    return entryOf(key, through(nodeOf(assignment), step));
  };
  return new Map([...found].map(([name, assignment]) => [name, entry(name, assignment)]));
}

function nodeOf({ value, from, over }: LineAssignment): Node {
  const node = scalar(value, from);
  return over === undefined ? node : takingPlace(node, nodeOf(over));
}

function originIn(entry: Entry | undefined): LineAssignment | undefined {
  const value = textIn(entry?.value);
  return entry === undefined || value === undefined ? undefined : { value, from: entry.value };
}

async function readEntries(
  file: Node,
  { earlier, origin }: { readonly earlier: Lookup; readonly origin: FindOrigin },
  { readText, environment, problems }: FileContext,
): Promise<Entries> {
  const pathNode = child(file, 'path');
  const path = stringOf(pathNode);
  if (pathNode === undefined || path === undefined) return new Map();
  const required = child(file, 'required');
  const text = await readText(path, pathNode);
  if (text === undefined) {
    if (required?.kind === 'scalar' && required.value === false) return new Map();
    problems.add({
      code: 'COMPOSE_ENV_FILE',
      message: `env file ${path} not found`,
      at: pathNode,
      hint: 'make the file, or write {path: …, required: false}',
    });
    return new Map();
  }
  const parse = parserFor(child(file, 'format'), problems);
  if (parse === undefined) return new Map();
  const parsed = parse(text, (name) => environment.variables.get(name), earlier);
  warnUnsetInFile(path, text, parsed.unset, problems);
  if (parsed.problem !== undefined) reportEnvProblem(path, text, parsed.problem, problems);
  const found = assignmentsOf({ path, text, lines: parsed.lines }, environment.origin, origin);
  return entriesFrom(found, { how: 'env_file', at: pathNode });
}

/** The dialect that is read without `format` has a name too. */
const parsers: ReadonlyMap<string, typeof parseEnvFile> = new Map([
  ['', parseEnvFile],
  ['.env', parseEnvFile],
  ['raw', parseRawEnvFile],
]);

function parserFor(format: Node | undefined, problems: Problems): typeof parseEnvFile | undefined {
  const name = stringOf(format) ?? '';
  const parser = parsers.get(name);
  if (parser === undefined && format !== undefined) {
    problems.add({
      code: 'COMPOSE_VALUE',
      message: `unsupported env_file format "${name}"`,
      at: format,
      hint: 'write raw, or leave it out',
    });
  }
  return parser;
}

async function foldLabels(service: MapNode, { readText, problems }: FileContext): Promise<MapNode> {
  const files = child(service, 'label_file');
  if (files === undefined) return service;
  let read: Entries = new Map();
  for (const file of itemsOf(files)) {
    const path = stringOf(file);
    const text = path === undefined ? undefined : await readText(path, file);
    if (path === undefined || text === undefined) {
      problems.add({
        code: 'COMPOSE_LABEL_FILE',
        message: `label file ${path} not found`,
        at: file,
        hint: 'make the file, or take it out of label_file',
      });
      continue;
    }
    const parsed = parseEnvFile(text, (name) => textIn(read.get(name)?.value));
    if (parsed.problem !== undefined) reportEnvProblem(path, text, parsed.problem, problems);
    const found = assignmentsOf({ path, text, lines: parsed.lines }, (name) => originIn(read.get(name)));
    read = layOver(read, entriesFrom(found, { how: 'label_file', at: file }));
  }
  const merged = layOver(read, pairsOf(child(service, 'labels')));
  return withKey(withoutKey(service, 'label_file'), 'labels', map(merged, files));
}

function pairsOf(node: Node | undefined): Entries {
  const pairs = node === undefined ? undefined : keyValues(node);
  return pairs?.kind === 'map' ? pairs.entries : new Map();
}

function textIn(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

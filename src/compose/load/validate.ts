/**
 * Phase: the schema's verdict, turned into mistakes at the narrowest place.
 * What was refused is taken out of the tree, so that later phases can look for further mistakes.
 */
import validate, { type SchemaError } from './generated/validate.mjs';
import { type Entry, itemsOf, type MapNode, mapValues, type Node, scalar, toJson } from './node.ts';
import type { Problems } from './problems.ts';
import { knownKeys } from './shape/lookup.ts';
import type { Span } from './source.ts';
import { nearest, suggestion } from './suggest.ts';

export function validateTree(tree: MapNode, problems: Problems): MapNode {
  if (validate(toJson(tree))) return tree;
  const refused = new Set<Node>();
  const unknown = new Set<Node>();
  for (const error of validate.errors ?? []) {
    const place = locate(tree, error);
    if (place === undefined) continue;
    const description = describe(error, place);
    // Where a variable could not be replaced, what is left of the value says nothing more.
    if (description !== undefined && !problems.blames(place.at)) {
      problems.add({ ...description, at: place.at });
    }
    (unknownKey(error) === undefined ? refused : unknown).add(place.refuse);
  }
  return (withoutNodes(tree, refused, unknown) as MapNode | undefined) ?? tree;
}

interface Place {
  readonly keys: readonly string[];
  /** `services.web.ports[0]` */
  readonly path: string;
  readonly at: Span;
  readonly node: Node;
  /** What must go for the rest to be valid. */
  readonly refuse: Node;
}

function locate(tree: MapNode, error: SchemaError): Place | undefined {
  const keys = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: Node = tree;
  let at = tree.at;
  let path = '';
  for (const key of keys) {
    if (node.kind === 'list') {
      const item: Node | undefined = node.items[Number(key)];
      if (item === undefined) return undefined;
      node = item;
      at = item.at;
      path += `[${key}]`;
    } else {
      const entry: Entry | undefined = node.kind === 'map' ? node.entries.get(key) : undefined;
      if (entry === undefined) return undefined;
      node = entry.value;
      at = entry.value.kind === 'scalar' && entry.value.value !== null ? entry.value.at : entry.key;
      path += path === '' ? key : `.${key}`;
    }
  }
  const again = node.kind === 'list' ? repeatedIndex(error) : undefined;
  const item = again === undefined ? undefined : itemsOf(node)[again];
  if (item !== undefined) return { keys, path: `${path}[${again}]`, at: item.at, node: item, refuse: item };
  const unknown = unknownKey(error);
  const entry = node.kind === 'map' && unknown !== undefined ? node.entries.get(unknown) : undefined;
  if (entry !== undefined) return { keys, path, at: entry.key, node, refuse: entry.value };
  return { keys, path, at, node, refuse: node };
}

/** Where the second of two equal items stands. */
function repeatedIndex({ keyword, params }: SchemaError): number | undefined {
  return keyword === 'uniqueItems' ? Math.max(Number(params.i), Number(params.j)) : undefined;
}

function unknownKey(error: SchemaError): string | undefined {
  return error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
}

interface Description {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

function describe(error: SchemaError, place: Place): Description | undefined {
  const where = place.path === '' ? 'the file' : place.path;
  switch (error.keyword) {
    case 'additionalProperties':
      return describeUnknown(String(error.params.additionalProperty), place);
    case 'type':
      return describeType(String(error.params.type).split(','), place, where);
    case 'enum': {
      const allowed = error.params.allowedValues as readonly unknown[] | undefined;
      const list = allowed?.join(', ') ?? '';
      return {
        code: 'COMPOSE_VALUE',
        message: `${where} is ${shown(place.node)}, which is not one of its values`,
        hint: suggestion(shown(place.node), allowed?.map(String) ?? []) ?? `write one of ${list}`,
      };
    }
    case 'pattern':
      return {
        code: 'COMPOSE_VALUE',
        message: `${where}: ${shown(place.node)} does not match pattern ${String(error.params.pattern)}`,
      };
    case 'required':
      // A misspelt key has been told of as such.
      if (misspelt(place.node, String(error.params.missingProperty))) return undefined;
      return {
        code: 'COMPOSE_MISSING_KEY',
        message: `${where}: missing key "${String(error.params.missingProperty)}"`,
        hint: `add \`${String(error.params.missingProperty)}:\``,
      };
    case 'uniqueItems':
      return {
        code: 'COMPOSE_REPEATED',
        message: `${where}: ${shown(place.node)} is there already`,
        hint: 'take one of the two out',
      };
    case 'minimum':
      return {
        code: 'COMPOSE_VALUE',
        message: `${where}: ${shown(place.node)} must be at least ${String(error.params.limit)}`,
      };
    case 'maximum':
      return {
        code: 'COMPOSE_VALUE',
        message: `${where}: ${shown(place.node)} must be at most ${String(error.params.limit)}`,
      };
    default:
      // `if`, `oneOf` and the like only repeat what another error says.
      return undefined;
  }
}

/** Whether one of the map's unknown keys was probably meant to be this one. */
function misspelt(node: Node, key: string): boolean {
  if (node.kind !== 'map') return false;
  return [...node.entries.keys()].some((written) => written !== key && nearest(written, [key]) === key);
}

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'];

function describeUnknown(key: string, place: Place): Description {
  const named = place.keys.length === 1 && sections.includes(place.keys[0]!);
  if (named) {
    return {
      code: 'COMPOSE_NAME',
      message: `${place.path}: "${key}" cannot be a name`,
      hint: 'use letters, digits, dots, dashes and underscores',
    };
  }
  const where = place.path === '' ? '' : `${place.path}: `;
  const known = knownKeys(place.keys);
  const near = suggestion(key, known);
  const service = place.keys.length === 0 && near === undefined;
  const hint = near ?? (service ? 'services stand under `services:`; own keys start with x-' : undefined);
  return {
    code: 'COMPOSE_UNKNOWN_KEY',
    message: `${where}additional properties '${key}' not allowed`,
    ...(hint === undefined ? {} : { hint }),
  };
}

const kinds: Readonly<Record<string, string>> = {
  object: 'mapping',
  array: 'list',
  integer: 'integer',
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

function describeType(types: readonly string[], place: Place, where: string): Description {
  const last = types.filter((type) => type === 'null');
  const wanted = [...types.filter((type) => type !== 'null'), ...last]
    .map((type) => kinds[type] ?? type)
    .join(' or ');
  const hint = typeHint(types, place.node);
  return {
    code: 'COMPOSE_TYPE',
    message: `${where} must be a ${wanted}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** How to write what is there so that it has one of the types. */
function typeHint(types: readonly string[], node: Node): string | undefined {
  const isValue = node.kind === 'scalar' && node.value !== null;
  if (isValue && types.includes('string')) return `put it in quotes: "${shown(node)}"`;
  if (types.includes('array')) return isValue ? `write a list: [${shown(node)}]` : 'write a list: [a, b]';
  if (types.includes('object')) return 'write keys and values: {key: value}';
  return isValue ? undefined : 'write a single value';
}

function shown(node: Node): string {
  if (node.kind === 'scalar') return String(node.value);
  return node.kind === 'map' ? 'a mapping' : 'a list';
}

/** Unknown keys and refused list items go; a refused value leaves its key, so that nobody finds it missing. */
function withoutNodes(node: Node, refused: ReadonlySet<Node>, unknown: ReadonlySet<Node>): Node | undefined {
  if (unknown.has(node)) return undefined;
  if (refused.has(node)) return scalar(null, node.at);
  if (node.kind === 'map') return mapValues(node, (value) => withoutNodes(value, refused, unknown));
  if (node.kind !== 'list') return node;
  const items: Node[] = [];
  for (const item of node.items) {
    const kept = refused.has(item) ? undefined : withoutNodes(item, refused, unknown);
    if (kept !== undefined) items.push(kept);
  }
  return { ...node, items };
}

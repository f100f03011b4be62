/** A value of the wrong type: what was expected, and what is there written so that it fits. */
import { castRules } from '../cast.ts';
import type { Node, ScalarNode } from '../node.ts';
import { shapeAt } from '../shape/lookup.ts';
import type { Description } from './describe.ts';
import { at, exampleAt, mainKeyAt, separatorAt } from './examples.ts';
import { anyOf, asItem, shown } from './kinds.ts';
import type { Place } from './place.ts';

/** The schema's names, in the order in which people are told of them. */
const names: Readonly<Record<string, string>> = {
  boolean: 'boolean',
  integer: 'whole number',
  number: 'number',
  string: 'string',
  array: 'list',
  object: 'mapping',
};

export function describeType(types: readonly string[], place: Place): Description {
  const { node, path } = place;
  const wanted = wantedTypes(types, place.keys);
  const isEmpty = node.kind === 'scalar' && node.value === null;
  const where = path === '' ? 'the file' : path;
  const hint = fitting(wanted, place) ?? generalHint(wanted, place);
  return {
    code: 'COMPOSE_TYPE',
    message: isEmpty
      ? `${where} is empty and must be ${expected(wanted)}`
      : `${where} must be ${expected(wanted)}, not ${shown(node)}`,
    hint,
  };
}

/** Text is taken for booleans and numbers because variables are text: it is not what is meant. */
function wantedTypes(types: readonly string[], keys: readonly string[]): readonly string[] {
  const cast = at(castRules(), keys);
  if (cast !== undefined) return [cast];
  return types.filter((type) => type !== 'null');
}

function expected(types: readonly string[]): string {
  const isSingle = ['string', 'number', 'boolean'].every((type) => types.includes(type));
  const known = Object.keys(names).filter((type) => types.includes(type));
  if (!isSingle) return anyOf(known.map((type) => names[type]!));
  const others = known.filter((type) => type === 'array' || type === 'object').map((type) => names[type]!);
  return anyOf(['single value', ...others]);
}

/** What is there, in a form that would be taken. */
function fitting(types: readonly string[], place: Place): string | undefined {
  const { node, keys } = place;
  if (node.kind === 'scalar' && node.value !== null) return fittingScalar(types, place, node);
  const separator = separatorAt(keys);
  if (node.kind === 'map' && types.includes('array') && separator !== undefined) {
    const items = pairsIn(node, separator);
    if (items !== undefined) return `write a list: [${items.join(', ')}]`;
  }
  if (node.kind === 'map' && types.includes('array') && keys.at(-1) === 'env_file')
    return 'write a list: [{path: …}]';
  if (node.kind === 'map' && keys.at(-1) === '[]' && mayBeMapping.includes(keys.at(-2) ?? ''))
    return 'take the dashes away: with a mapping each they are no list';
  if (node.kind === 'list' && types.includes('object') && node.items.every(isWord))
    return ofNames(node.items, keys);
  return undefined;
}

function fittingScalar(types: readonly string[], { keys }: Place, node: ScalarNode): string | undefined {
  const text = String(node.value);
  const squeezed = /^([a-z][\w-]*):(\S.*)$/.exec(text);
  if (types.includes('object') && squeezed !== null)
    return `is a blank missing behind the colon? ${squeezed[1]}: ${squeezed[2]}`;
  if (types.includes('boolean')) return types.length === 1 ? 'write true or false' : undefined;
  if (types.includes('array')) return `write a list: [${asItem(node)}]`;
  if (types.includes('string')) {
    if (shapeAt(keys)?.kind === 'duration') return `write a unit: ${text}s`;
    return `put it in quotes: "${text}"`;
  }
  const key = mainKeyAt(keys);
  return typeof node.value === 'string' && types.includes('object') && key !== undefined
    ? `write {${key}: ${asItem(node)}}`
    : undefined;
}

/** `{"80": 80}` where a list of ports is wanted: what belongs together is written together. */
function pairsIn(node: Node, separator: string): readonly string[] | undefined {
  const items: string[] = [];
  for (const [key, { value }] of node.kind === 'map' ? node.entries : []) {
    if (value.kind !== 'scalar' || value.value === null) return undefined;
    items.push(JSON.stringify(`${key}${separator}${value.value}`));
  }
  return items;
}

/** Lists of names, or mappings that say something of each. */
const mayBeMapping: readonly string[] = ['depends_on', 'networks', 'models'];

function isWord(node: Node): boolean {
  return node.kind === 'scalar' && /^[\w.-]+$/.test(String(node.value));
}

/** `[a, b]` where each is to have a mapping of its own. */
function ofNames(items: readonly Node[], keys: readonly string[]): string | undefined {
  if (keys.length !== 1) return undefined;
  return `write names with a colon behind them: {${items.map((item) => `${asItem(item)}: {}`).join(', ')}}`;
}

const inGeneral: Readonly<Record<string, string>> = {
  array: 'write a list: [a, b]',
  object: 'write keys and values: {key: value}',
  integer: 'write a whole number',
  number: 'write a number',
  boolean: 'write true or false',
};

function generalHint(types: readonly string[], { keys }: Place): string | undefined {
  const example = exampleAt(keys);
  if (example !== undefined) return `write it like ${example}`;
  const isSingle = types.includes('string') && !types.includes('array') && !types.includes('object');
  if (isSingle) return undefined;
  const type = Object.keys(inGeneral).find((each) => types.includes(each));
  return type === undefined ? undefined : inGeneral[type];
}

/** Mistakes of blanks: one too many behind a colon, or a line that begins too far to the left. */
import { isExtension } from '../extensions.ts';
import { entriesOf, type MapNode, type Node } from '../node.ts';
import { knownKeys } from '../shape/lookup.ts';
import type { Description } from './describe.ts';
import { separatorAt } from './examples.ts';
import { asItem } from './kinds.ts';
import type { Place } from './place.ts';

/** `- ./data: /data` is a mapping of one to the other. */
export function describeBlank({ node, parent, keys, path }: Place): Description | undefined {
  if (parent?.kind !== 'list' || node.kind !== 'map' || node.entries.size !== 1) return undefined;
  const separator = separatorAt(keys.slice(0, -1));
  const [only] = node.entries;
  if (separator === undefined || only === undefined) return undefined;
  const [key, { value }] = only;
  if (value.kind !== 'scalar') return undefined;
  if (knownKeys(keys).includes(key)) return undefined;
  const joined = `${key}${separator}${value.value === null ? '' : asItem(value).replaceAll('"', '')}`;
  return {
    code: 'COMPOSE_TYPE',
    message: `${path} is a mapping, because of the blank behind the colon`,
    hint:
      separator === ':'
        ? `write "${joined}" without the blank`
        : `write "${joined}", or take the dashes away from all of them`,
  };
}

/** Attributes beside their service, services beside `services:`; the place that is empty for it says nothing. */
export function describeIndentation({
  node,
  parent,
  keys,
  path,
}: Place): Description | 'told elsewhere' | undefined {
  const [section, name] = keys;
  if (section !== 'services' || keys.length > 2 || parent?.kind !== 'map') return undefined;
  if (name === undefined) return isEmpty(node) && hasStrays(parent) ? 'told elsewhere' : undefined;
  const attributes = knownKeys(['services', name]);
  const isAttribute = (key: string, value: Node): boolean => attributes.includes(key) && value.kind !== 'map';
  if (isEmpty(node)) {
    const isFollowed = [...entriesOf(parent)].some(
      ([key, { value }]) => !isEmpty(value) && isAttribute(key, value),
    );
    if (isFollowed) return 'told elsewhere';
    return {
      code: 'COMPOSE_TYPE',
      message: `${path} is empty and must be a mapping`,
      hint: 'indent what belongs to it, at least `image:` or `build:`',
    };
  }
  if (!isAttribute(name, node)) return undefined;
  const owner = emptyBefore(parent, name);
  return {
    code: 'COMPOSE_TYPE',
    message: `${path} must be a service, and "${name}" is an attribute of one`,
    hint: owner === undefined ? 'indent it below its service' : `indent it, so that it belongs to "${owner}"`,
  };
}

function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** Unknown mappings at the top level: services that lost their indentation. */
function hasStrays(file: MapNode): boolean {
  const known = knownKeys([]);
  return [...file.entries].some(
    ([key, { value }]) => value.kind === 'map' && !known.includes(key) && !isExtension(key),
  );
}

/** The last empty service above. */
function emptyBefore(services: MapNode, name: string): string | undefined {
  let last: string | undefined;
  for (const [key, { value }] of services.entries) {
    if (key === name) return last;
    if (isEmpty(value)) last = key;
  }
  return last;
}

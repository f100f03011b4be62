/** A key that nobody knows: the one that was meant, or the place where it would be known. */
import { knownKeys, placesOf } from '../shape/lookup.ts';
import { nearest } from '../suggest.ts';
import type { Description } from './describe.ts';
import type { Place } from './place.ts';

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'];

export function describeUnknown(key: string, { keys, path, node }: Place): Description {
  if (keys.length === 1 && sections.includes(keys[0]!)) {
    return {
      code: 'COMPOSE_NAME',
      message: `${path}: "${key}" cannot be a name`,
      hint: 'use letters, digits, dots, dashes and underscores',
    };
  }
  const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
  return {
    code: 'COMPOSE_UNKNOWN_KEY',
    message:
      path === '' ? `unknown attribute "${key}" at the top level` : `${path}: unknown attribute "${key}"`,
    hint:
      furtherOut(key, keys) ?? meant(key, keys) ?? furtherIn(key, keys) ?? atTop(keys, value?.kind === 'map'),
  };
}

/** Words that people write for another. */
const synonyms: Readonly<Record<string, string>> = {
  cmd: 'command',
  cpu: 'cpus',
  depends: 'depends_on',
  dependencies: 'depends_on',
  env: 'environment',
  envs: 'environment',
  health: 'healthcheck',
  hosts: 'extra_hosts',
  mem: 'mem_limit',
  memory_limit: 'mem_limit',
  mounts: 'volumes',
  platforms: 'platform',
  variables: 'environment',
  workdir: 'working_dir',
};

function meant(key: string, keys: readonly string[]): string | undefined {
  const known = knownKeys(keys);
  const word = key.toLowerCase();
  const synonym = synonyms[word];
  const found =
    (synonym !== undefined && known.includes(synonym) ? synonym : nearest(key, known)) ??
    (word.length > 3 ? known.find((each) => each.startsWith(word)) : undefined);
  return found === undefined ? undefined : `did you mean "${found}"?`;
}

/** It is indented too far. */
function furtherOut(key: string, keys: readonly string[]): string | undefined {
  for (let length = keys.length - 1; length >= 0; length--) {
    const outer = keys.slice(0, length);
    if (!knownKeys(outer).includes(key)) continue;
    if (length === 0) return 'it belongs at the top level, without indentation';
    return `it belongs to ${outer.join('.')}: indent it less`;
  }
  return undefined;
}

/** The mapping around it, or its indentation, is missing. */
function furtherIn(key: string, keys: readonly string[]): string | undefined {
  const [below] = placesOf(key, keys);
  if (below !== undefined) return `it belongs under \`${below}:\``;
  if (keys.length === 0 && knownKeys(['services', '*']).includes(key))
    return 'it belongs to a service: indent it below the name of one';
  return undefined;
}

function atTop(keys: readonly string[], isMapping: boolean): string | undefined {
  if (keys.length > 0) return undefined;
  return isMapping
    ? 'a service is indented below `services:`; keys of your own start with x-'
    : 'keys of your own start with x-';
}

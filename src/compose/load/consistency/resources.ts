/** Top-level volumes, networks, secrets and configs that contradict themselves. */
import { isExtension } from '../extensions.ts';
import { child, type Entry, entriesOf, type MapNode, type Node, stringOf } from '../node.ts';
import type { Problems } from '../problems.ts';

/** Holds for every model, whatever it is loaded for. */
export function checkResources(tree: MapNode, problems: Problems): void {
  for (const [name, { value }] of entriesOf(child(tree, 'volumes'))) {
    checkExternal(`volumes.${name}`, value, problems);
  }
  for (const section of ['secrets', 'configs'] as const) {
    for (const [name, entry] of entriesOf(child(tree, section))) {
      checkSource(`${section}.${name}`, entry, sources[section], problems);
    }
  }
}

/** What may stand beside `external: true`. */
const besideExternal = ['external', 'name'];

function checkExternal(path: string, resource: Node, problems: Problems): void {
  if (!isExternal(resource)) return;
  for (const [key, entry] of entriesOf(resource)) {
    if (besideExternal.includes(key) || isExtension(key)) continue;
    problems.add({
      code: 'COMPOSE_CONFLICT',
      message: `${path}: conflicting parameters "external" and "${key}" specified`,
      at: entry,
      hint: 'what is external is not made here; take this key out',
    });
  }
}

/** What is there already is not made here. */
export function isExternal(resource: Node): boolean {
  const external = child(resource, 'external');
  return external?.kind === 'scalar' && (external.value === true || external.value === 'true');
}

/** One that was not to be replaced. */
function isVariable(node: Node | undefined): boolean {
  return stringOf(node)?.includes('$') === true;
}

const sources = {
  secrets: ['file', 'environment'],
  configs: ['file', 'environment', 'content'],
} as const;

function checkSource(path: string, entry: Entry, keys: readonly string[], problems: Problems): void {
  const { value } = entry;
  const written = keys.filter((key) => stringOf(child(value, key)) !== undefined);
  if (isExternal(value) || isVariable(child(value, 'external')) || child(value, 'driver') !== undefined)
    return;
  // A misspelt key has been told of already.
  if (written.length === 1 || problems.blames(value)) return;
  const all = keys.join('|');
  const second = value.kind === 'map' ? value.entries.get(written[1] ?? '') : undefined;
  problems.add({
    code: written.length === 0 ? 'COMPOSE_MISSING_KEY' : 'COMPOSE_CONFLICT',
    message:
      written.length === 0
        ? `${path}: one of ${all} must be set`
        : `${path}: ${all} attributes are mutually exclusive`,
    at: second ?? entry,
    hint: written.length === 0 ? `add one of ${keys.join(', ')}` : 'keep one of them',
  });
}

/** A secret that a driver would provide: only a cluster has such drivers. */
export function checkSecretSources(tree: MapNode, problems: Problems): void {
  for (const [name, entry] of entriesOf(child(tree, 'secrets'))) {
    const { value } = entry;
    if (isExternal(value) || problems.blames(entry) || problems.blames(value)) continue;
    if (stringOf(child(value, 'file')) || stringOf(child(value, 'environment'))) continue;
    problems.add({
      code: 'COMPOSE_MISSING_KEY',
      message: `secret "${name}" must declare either \`file\` or \`environment\``,
      at: entry,
      hint: 'add `file:` or `environment:`',
    });
  }
}

/** Phase: what starts with `x-` among a service's networks is an extension, and no network. */
import { type Entry, entryOf, type MapNode, map, mapValues, type Node, updateIn } from './node.ts';

/** The key that the reference keeps extensions under; no network can be called so. */
export const extensionsKey = '#extensions';

export function isExtension(key: string): boolean {
  return key.startsWith('x-');
}

/** Only the names of top-level things are free: those of networks within a service are not. */
export function setExtensionsApart(tree: MapNode): MapNode {
  return updateIn(tree, ['services'], (services) =>
    services.kind === 'map'
      ? mapValues(services, (service) => updateIn(service, ['networks'], withExtensionsApart))
      : services,
  ) as MapNode;
}

function withExtensionsApart(networks: Node): Node {
  if (networks.kind !== 'map') return networks;
  const names = [...networks.entries.keys()].filter(isExtension);
  const [first] = names;
  if (first === undefined) return networks;
  const key = networks.entries.get(first)!;
  const entries = new Map<string, Entry>(networks.entries);
  for (const name of names) entries.delete(name);
  return map(entries.set(extensionsKey, entryOf(key, map(new Map(), key))), networks);
}

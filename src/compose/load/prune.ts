/** Phase: top-level resources that no enabled service uses are left out, as `config` leaves them out. */
import {
  child,
  type Entry,
  entriesOf,
  itemsOf,
  type MapNode,
  mapValues,
  type Node,
  stringOf,
  withEntries,
} from './node.ts';

export function pruneResources(tree: MapNode, enabled: ReadonlySet<string>): MapNode {
  const used = usedResources(tree, enabled);
  return mapValues(tree, (section, key) => {
    const names = used[key];
    if (names === undefined || section.kind !== 'map') return section;
    const kept = new Map<string, Entry>();
    for (const [name, entry] of section.entries) if (names.has(name)) kept.set(name, entry);
    return kept.size === 0 ? undefined : withEntries(section, kept);
  });
}

/** Names of the resources that these services use, by section. */
export function usedResources(
  tree: MapNode,
  enabled: ReadonlySet<string>,
): Readonly<Record<string, Set<string> | undefined>> {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
    models: new Set<string>(),
  };
  for (const [name, { value: service }] of entriesOf(child(tree, 'services'))) {
    if (!enabled.has(name)) continue;
    for (const [network] of entriesOf(child(service, 'networks'))) used.networks.add(network);
    for (const [model] of entriesOf(child(service, 'models'))) used.models.add(model);
    for (const mount of itemsOf(child(service, 'volumes'))) addText(used.volumes, volumeName(mount));
    for (const mount of itemsOf(child(service, 'secrets'))) addText(used.secrets, child(mount, 'source'));
    for (const mount of itemsOf(child(service, 'configs'))) addText(used.configs, child(mount, 'source'));
    for (const mount of itemsOf(child(child(service, 'build'), 'secrets'))) {
      addText(used.secrets, child(mount, 'source'));
    }
  }
  return used;
}

function volumeName(mount: Node): Node | undefined {
  return stringOf(child(mount, 'type')) === 'volume' ? child(mount, 'source') : undefined;
}

function addText(names: Set<string>, node: Node | undefined): void {
  const text = stringOf(node);
  if (text !== undefined) names.add(text);
}

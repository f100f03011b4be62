/** What a service asks of a network that the one it is on cannot give. */
import { child, descend, type Entry, entriesOf, itemsOf, type Node, stringOf } from '../node.ts';
import type { ServicePlace, Whole } from './index.ts';
import type { Refuse } from './values.ts';

/** Settings of a network namespace and its files; who joins another's has those of the other. */
const settings = ['ports', 'mac_address', 'dns', 'dns_search', 'dns_opt', 'extra_hosts'];

/** @see moby, runconfig/hostconfig_unix.go: "conflicting options: … and the container type network mode" */
export function checkJoinedNetwork(service: Node, refuse: Refuse): void {
  const mode = stringOf(child(service, 'network_mode')) ?? '';
  const joined = /^(service|container):/.test(mode);
  const owner = joined ? mode : 'the host';
  // On the host's network a container may have its own resolv.conf and hosts; ports are warned of.
  for (const key of joined ? settings : mode === 'host' ? ['mac_address'] : []) {
    const value = child(service, key);
    if (isEmpty(value)) continue;
    refuse(
      key,
      keyOf(service, key),
      `the network is that of ${owner}, and this belongs to it`,
      `${joined ? 'write it there' : 'take it out'}, or drop \`network_mode: ${mode}\``,
    );
  }
}

/** Every interface of a container has a name of its own, and the kernel has its rules for names. */
export function checkInterfaceNames(service: Node, refuse: Refuse): void {
  const taken = new Map<string, string>([['lo', 'loopback']]);
  for (const [network, { value }] of entriesOf(child(service, 'networks'))) {
    const name = child(value, 'interface_name');
    const text = stringOf(name);
    if (text === undefined || text === '') continue;
    const path = `networks.${network}.interface_name`;
    const owner = taken.get(text);
    if (!/^(?!\.{1,2}$)[^\s/:]{1,15}$/.test(text))
      refuse(
        path,
        name,
        `"${text}" cannot be the name of an interface`,
        'write at most 15 letters and digits',
      );
    else if (owner !== undefined)
      refuse(path, name, `"${text}" is already the interface of ${owner}`, 'choose another name');
    taken.set(text, `network ${network}`);
  }
}

/** As Docker does: a host's own ports need no publishing, and without a way in there is nothing to reach. */
export function checkDiscardedPorts({ name, service }: ServicePlace, { tree, problems }: Whole): void {
  if (isEmpty(child(service, 'ports'))) return;
  const mode = stringOf(child(service, 'network_mode'));
  const keys = [...entriesOf(child(service, 'networks'))].map(([key]) => key);
  const isInternal = (key: string): boolean => {
    const internal = descend(tree, 'networks', key, 'internal');
    return internal?.kind === 'scalar' && String(internal.value) === 'true';
  };
  const why =
    mode === 'host' || mode === 'none'
      ? ` with network_mode: ${mode}`
      : keys.length > 0 && keys.every(isInternal)
        ? ', for all its networks are internal'
        : undefined;
  if (why === undefined) return;
  problems.warn({
    code: 'COMPOSE_DISCARDED_PORTS',
    message: `service "${name}": published ports are discarded${why}`,
    at: keyOf(service, 'ports'),
    hint: 'take `ports:` out',
  });
}

function isEmpty(node: Node | undefined): boolean {
  if (node?.kind === 'map') return node.entries.size === 0;
  return itemsOf(node).length === 0 && !stringOf(node);
}

function keyOf(node: Node, key: string): Entry | undefined {
  return node.kind === 'map' ? node.entries.get(key) : undefined;
}

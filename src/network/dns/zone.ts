/**
 * The names of running containers. A name belongs to a network: who is not on that network does not know it.
 * Changing it touches no socket: the next question simply finds the new table.
 */
import { parseAddress } from '../cidr.ts';

export interface Endpoint {
  readonly containerId: string;
  readonly containerName: string;
  readonly networkId: string;
  readonly networkName: string;
  readonly ipv4: string;
  readonly ipv6?: string;
  readonly names: readonly string[];
}

export interface Zone {
  /** Goes up with every change; what was made of an older version is no longer true. */
  readonly version: number;
  /** Takes the place of what the container had. */
  put(containerId: string, endpoints: readonly Endpoint[]): void;
  remove(containerId: string): void;
  /**
   * Who answers to the name, seen from those networks: the first of them that knows it decides.
   * `name.network` asks one network only. @param name lower case, without the last dot
   */
  lookup(networkIds: readonly string[], name: string): readonly Endpoint[] | undefined;
  /** Whose address it is, among the networks given. */
  owner(networkIds: readonly string[], address: string): Endpoint | undefined;
}

export function createZone(): Zone {
  const containers = new Map<string, readonly Endpoint[]>();
  let networks = new Map<string, Table>();
  let version = 0;
  const changed = (): void => {
    networks = tablesOf([...containers.values()].flat());
    version += 1;
  };
  return {
    get version() {
      return version;
    },
    put: (containerId, endpoints) => {
      containers.set(containerId, endpoints);
      changed();
    },
    remove: (containerId) => {
      if (containers.delete(containerId)) changed();
    },
    lookup: (networkIds, name) => {
      const tables = networkIds.flatMap((id) => networks.get(id) ?? []);
      for (const table of tables) {
        const found = table.byName.get(name) ?? table.byName.get(unqualified(name, table.networkName));
        if (found !== undefined) return found;
      }
      return undefined;
    },
    owner: (networkIds, address) => {
      for (const id of networkIds) {
        const found = networks.get(id)?.byAddress.get(address);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

interface Table {
  /** Lower case. */
  readonly networkName: string;
  readonly byName: Map<string, Endpoint[]>;
  readonly byAddress: Map<string, Endpoint>;
}

function tablesOf(endpoints: readonly Endpoint[]): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (const endpoint of endpoints) {
    const table = tables.get(endpoint.networkId) ?? {
      networkName: endpoint.networkName.toLowerCase(),
      byName: new Map(),
      byAddress: new Map(),
    };
    tables.set(endpoint.networkId, table);
    for (const name of new Set(endpoint.names.map((name) => name.toLowerCase())))
      table.byName.set(name, [...(table.byName.get(name) ?? []), endpoint]);
    for (const address of [endpoint.ipv4, endpoint.ipv6]) {
      if (address !== undefined) table.byAddress.set(canonical(address), endpoint);
    }
  }
  return tables;
}

function unqualified(name: string, networkName: string): string {
  return name.endsWith(`.${networkName}`) ? name.slice(0, -networkName.length - 1) : '';
}

/** One spelling for one address. */
export function canonical(address: string): string {
  return parseAddress(address)?.value.toString(16) ?? address;
}

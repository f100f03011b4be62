/** What would be refused of networks and addresses, found out on paper. Pure. */
import { TscomposeError } from '../errors.ts';
import { AddressingError, planAddressing, type TakenSubnet } from './addressing.ts';
import { isBridged } from './bridges.ts';
import { parseCidr } from './cidr.ts';
import { checkDriver, checkInterface, driverOf } from './drivers.ts';
import { createLeaseBook, type Holder } from './leases.ts';
import type { NetworkRecord, NetworkRefusal, NetworkRehearsal, NetworkRequest } from './network.ts';
import type { AddressPool } from './pools.ts';

/** What is there now. */
export interface Standing {
  readonly records: readonly NetworkRecord[];
  readonly holders: readonly Holder[];
  readonly pools: readonly AddressPool[];
  readonly taken: readonly TakenSubnet[];
  /** Of the interfaces that will still be there when what is dropped has gone. */
  hasInterface(name: string): boolean;
}

/** Makes every network and holds every fixed address, in memory, by the functions that do it in earnest. */
export function rehearse(asked: NetworkRehearsal, there: Standing): NetworkRefusal[] {
  const stays = there.records.filter(({ name }) => !asked.dropped.includes(name));
  const book = createLeaseBook();
  for (const record of stays) book.addNetwork(record);
  for (const { containerId, containerName, leases } of there.holders)
    if (!asked.leaving.includes(containerId)) book.restore(containerId, containerName, leases);

  const known = new Set(stays.map(({ name }) => name));
  const taken = [...there.taken];
  const bridges = new Set<string>();
  const refusedNetworks = asked.made
    .filter(({ name }) => !known.has(name))
    .flatMap((request) =>
      refusalOf(
        () => {
          const record = recordOf(request, there.pools, taken);
          if (record.bridge !== '')
            checkInterface(record, (name) => there.hasInterface(name) || bridges.has(name));
          if (isBridged(record)) bridges.add(record.bridge);
          taken.push(...subnetsOf(record));
          book.addNetwork(record);
          known.add(record.name);
        },
        (error) => ({ network: request.name, error, ...partOf(error, request) }),
      ),
    );
  const refusedAddresses = fixedAddresses(asked)
    // What is wrong with a network has been told of.
    .filter(({ network }) => known.has(network))
    .flatMap(({ address, ...where }) =>
      refusalOf(
        () => book.claim(where.network, address, where.container),
        (error) => ({ ...where, error }),
      ),
    );
  return [...refusedNetworks, ...refusedAddresses];
}

function fixedAddresses({ containers }: NetworkRehearsal) {
  return containers.flatMap(({ name: container, networks }) =>
    networks.flatMap(({ network, ipv4Address, ipv6Address }) => [
      ...(ipv4Address === undefined
        ? []
        : [{ container, network, part: 'ipv4_address', address: ipv4Address }]),
      ...(ipv6Address === undefined
        ? []
        : [{ container, network, part: 'ipv6_address', address: ipv6Address }]),
    ]),
  );
}

function refusalOf(work: () => void, tell: (error: TscomposeError) => NetworkRefusal): NetworkRefusal[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof TscomposeError) return [tell(error)];
    throw error;
  }
}

function recordOf(
  request: NetworkRequest,
  pools: readonly AddressPool[],
  taken: readonly TakenSubnet[],
): NetworkRecord {
  const { name, driverOptions, internal, labels } = request;
  const driver = driverOf(request);
  const bridge = checkDriver(request) ?? '';
  const addressing = planAddressing(name, request, pools, taken);
  return { id: name, name, driver, driverOptions, internal, labels, createdAt: 0, bridge, ...addressing };
}

function subnetsOf({ name, ipv4, ipv6 }: NetworkRecord): TakenSubnet[] {
  return [ipv4.subnet, ipv6?.subnet].flatMap((text) => {
    const cidr = text === undefined ? undefined : parseCidr(text);
    return cidr === undefined ? [] : [{ cidr, owner: `network ${name}`, kind: 'network' }];
  });
}

const fields = { subnet: 'subnet', gateway: 'gateway', ip_range: 'ipRange' } as const;

/** Below the network: `ipam.config[0].gateway`. */
function partOf(error: TscomposeError, { subnets }: NetworkRequest): { part?: string } {
  if (error.code.startsWith('NETWORK_DRIVER')) return { part: 'driver' };
  if (error.code.startsWith('NETWORK_OPTION') || error.code === 'NETWORK_PARENT_UNKNOWN')
    return { part: 'driver_opts' };
  if (!(error instanceof AddressingError)) return {};
  const { key, text } = error;
  const index = subnets.findIndex((one) =>
    key === 'aux_addresses' ? one.auxAddresses?.includes(text) : one[fields[key]] === text,
  );
  return { part: `ipam.config[${Math.max(0, index)}].${key}` };
}

/** Which subnet, gateway and reserved addresses a new network has. Pure: what is taken comes in. */
import { createHash } from 'node:crypto';
import { TscomposeError } from '../errors.ts';
import type { Address, Cidr } from './cidr.ts';
import {
  contains,
  formatAddress,
  formatCidr,
  isWithin,
  last,
  nth,
  overlaps,
  parseAddress,
  parseCidr,
} from './cidr.ts';
import type { NetworkRecord, NetworkRequest } from './network.ts';
import type { AddressPool } from './pools.ts';
import { chooseSubnet } from './pools.ts';

/** A subnet that is not free, and whose it is: "network app_default", "interface eth0". */
export interface TakenSubnet {
  readonly cidr: Cidr;
  readonly owner: string;
  /**
   * A route that is wider than a subnet keeps us from choosing that, but not a person from naming it. One within it
   * would lead what is meant for containers elsewhere.
   */
  readonly kind: 'network' | 'interface' | 'route';
}

/** Says which of a network's settings is wrong, so that it can be blamed where it was written. */
export class AddressingError extends TscomposeError {
  readonly key: 'subnet' | 'gateway' | 'ip_range' | 'aux_addresses';
  /** As it was written. */
  readonly text: string;

  constructor(
    code: string,
    message: string,
    options: { readonly hint: string; readonly key: AddressingError['key']; readonly text: string },
  ) {
    super(code, message, options);
    this.key = options.key;
    this.text = options.text;
  }
}

type Addressing = Pick<NetworkRecord, 'ipv4' | 'ipv6'>;

/**
 * @throws TscomposeError `NETWORK_POOL_EXHAUSTED`, `NETWORK_SUBNET_INVALID`, `NETWORK_SUBNET_OVERLAP`
 */
export function planAddressing(
  id: string,
  request: NetworkRequest,
  pools: readonly AddressPool[],
  taken: readonly TakenSubnet[],
): Addressing {
  const configured = request.subnets.filter(({ subnet }) => subnet !== undefined);
  const ofFamily = (family: 4 | 6): Configured | undefined => {
    const found = configured.find(({ subnet }) => parseCidr(subnet ?? '')?.family === family);
    return found === undefined ? undefined : (found as Configured);
  };
  for (const { subnet = '' } of configured) {
    if (parseCidr(subnet) === undefined)
      throw invalid(request.name, `"${subnet}" is no subnet`, 'subnet', subnet);
  }
  for (const family of [4, 6] as const) {
    const [, second] = configured.filter(({ subnet = '' }) => parseCidr(subnet)?.family === family);
    if (second?.subnet !== undefined)
      throw new AddressingError(
        'NETWORK_SUBNET_INVALID',
        `network ${request.name}: "${second.subnet}" is a second IPv${family} subnet, and a network has one`,
        { key: 'subnet', text: second.subnet, hint: 'make it a network of its own, or one subnet of both' },
      );
  }
  // A macvlan network stands in its parent's own subnet: there only another network is in its way.
  const inTheWay = request.driver === 'macvlan' ? taken.filter(({ kind }) => kind === 'network') : taken;
  const four = ofFamily(4);
  const six = ofFamily(6);
  const ipv4 =
    four === undefined
      ? {
          subnet: chooseSubnet(
            pools,
            taken.map(({ cidr }) => cidr),
          ),
          options: unnamed(request),
        }
      : { subnet: checkedSubnet(request.name, four.subnet, inTheWay), options: four };
  return {
    ipv4: ipv4Of(request.name, ipv4.subnet, ipv4.options),
    ...(request.enableIpv6 || six !== undefined ? { ipv6: ipv6Of(request.name, id, six, inTheWay) } : {}),
  };
}

type Options = NetworkRequest['subnets'][number];
type Configured = Options & { readonly subnet: string };

/** Gateway and the like may stand in the file without a subnet. */
function unnamed(request: NetworkRequest): Options {
  return request.subnets.find(({ subnet }) => subnet === undefined) ?? {};
}

function checkedSubnet(name: string, text: string, taken: readonly TakenSubnet[]): Cidr {
  const subnet = parseCidr(text)!;
  if (subnet.family === 4 && subnet.prefix > 30)
    throw invalid(name, `the subnet ${text} has no room for a gateway and a container`, 'subnet', text);
  const other = taken.find(
    ({ cidr, kind }) => (kind !== 'route' || isWithin(cidr, subnet)) && overlaps(cidr, subnet),
  );
  if (other === undefined) return subnet;
  throw new AddressingError(
    'NETWORK_SUBNET_OVERLAP',
    `the subnet ${text} of network ${name} overlaps with ${formatCidr(other.cidr)} of ${other.owner}`,
    { hint: 'give the network another subnet, or remove the other one first', key: 'subnet', text },
  );
}

function ipv4Of(name: string, subnet: Cidr, options: Options): Addressing['ipv4'] {
  const gateway = gatewayOf(name, subnet, options.gateway);
  if (gateway.value === subnet.base || gateway.value === last(subnet))
    throw invalid(
      name,
      `the gateway ${formatAddress(gateway)} is the first or last address of ${formatCidr(subnet)}`,
      'gateway',
      options.gateway ?? '',
    );
  return addressesOf(name, subnet, options);
}

function ipv6Of(
  name: string,
  id: string,
  options: Configured | undefined,
  taken: readonly TakenSubnet[],
): Addressing['ipv4'] {
  const subnet = options === undefined ? uniqueLocal(id) : checkedSubnet(name, options.subnet, taken);
  return addressesOf(name, subnet, options ?? {});
}

function addressesOf(name: string, subnet: Cidr, options: Options): Addressing['ipv4'] {
  const reserved = (options.auxAddresses ?? []).map((text) =>
    formatAddress(inside(name, subnet, text, 'aux_addresses')),
  );
  return {
    subnet: formatCidr(subnet),
    gateway: formatAddress(gatewayOf(name, subnet, options.gateway)),
    reserved,
    ...(options.ipRange === undefined ? {} : { ipRange: rangeOf(name, subnet, options.ipRange) }),
  };
}

/** RFC 4193: forty bits that nobody else is likely to have. */
function uniqueLocal(id: string): Cidr {
  const digits = createHash('sha256').update(id).digest('hex').slice(0, 14);
  return { family: 6, base: BigInt(`0xfd${digits}`) << 64n, prefix: 64 };
}

function gatewayOf(name: string, subnet: Cidr, text: string | undefined): Address {
  return text === undefined ? nth(subnet, 1n) : inside(name, subnet, text, 'gateway');
}

function inside(name: string, subnet: Cidr, text: string, key: 'gateway' | 'aux_addresses'): Address {
  const address = parseAddress(text);
  if (address !== undefined && contains(subnet, address)) return address;
  throw invalid(name, `the address ${text} does not lie in ${formatCidr(subnet)}`, key, text);
}

function rangeOf(name: string, subnet: Cidr, text: string): string {
  const range = parseCidr(text);
  if (range !== undefined && isWithin(range, subnet)) return formatCidr(range);
  throw invalid(name, `the range ${text} does not lie in ${formatCidr(subnet)}`, 'ip_range', text);
}

function invalid(name: string, what: string, key: AddressingError['key'], text: string): AddressingError {
  return new AddressingError('NETWORK_SUBNET_INVALID', `network ${name}: ${what}`, {
    key,
    text,
    hint: 'a subnet is written like 10.5.0.0/24, and gateway, range and reserved addresses lie in it',
  });
}

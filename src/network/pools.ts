/** Where the subnets of networks come from that name none. */
import { TscomposeError } from '../errors.ts';
import type { Cidr } from './cidr.ts';
import { formatCidr, last, overlaps, parseCidr, size } from './cidr.ts';

/** Networks of `size` bits are cut out of `base`, in order. */
export interface AddressPool {
  readonly base: Cidr;
  readonly size: number;
}

/**
 * Docker's own pools without 172.17, which its default bridge has, so that a first network is 172.18.0.0/16;
 * then two thousand /24s, so that thirty-one networks are not the end.
 */
const defaults = '172.18.0.0/15:16,172.20.0.0/14:16,172.24.0.0/13:16,192.168.0.0/16:20,10.200.0.0/13:24';

/** A network's own route may be as wide as this; wider ones say "everything", as VPNs do with 0.0.0.0/1. */
const narrowestEverything = 7;

/**
 * Reads `cidr:size,cidr:size`, as `TSCOMPOSE_ADDRESS_POOLS` has them. Empty: the defaults.
 * @throws TscomposeError `NETWORK_POOLS_INVALID`
 */
export function parsePools(text = ''): AddressPool[] {
  const entries = (text.trim() === '' ? defaults : text).split(',').map((entry) => entry.trim());
  return entries.map((entry) => {
    const [, cidr = '', bits = ''] = /^(.*):(\d+)$/.exec(entry) ?? [];
    const base = parseCidr(cidr);
    if (base === undefined || Number(bits) < base.prefix || Number(bits) > 30)
      throw new TscomposeError('NETWORK_POOLS_INVALID', `"${entry}" is no address pool`, {
        hint: 'write pools as cidr:size, such as 10.213.0.0/16:26; the size lies between the prefix and 30',
      });
    return { base, size: Number(bits) };
  });
}

/**
 * The first subnet of the pools that overlaps nothing that is taken.
 * @throws TscomposeError `NETWORK_POOL_EXHAUSTED`
 */
export function chooseSubnet(pools: readonly AddressPool[], taken: readonly Cidr[]): Cidr {
  const obstacles = taken.filter((cidr) => cidr.prefix > narrowestEverything);
  for (const pool of pools) {
    const found = firstGap(pool, obstacles);
    if (found !== undefined) return found;
  }
  throw new TscomposeError(
    'NETWORK_POOL_EXHAUSTED',
    `every subnet of the address pools ${pools.map((pool) => `${formatCidr(pool.base)}:${pool.size}`).join(', ')} is taken`,
    { hint: 'remove networks that are not needed, give this one a subnet, or set TSCOMPOSE_ADDRESS_POOLS' },
  );
}

function firstGap(pool: AddressPool, obstacles: readonly Cidr[]): Cidr | undefined {
  const candidate = { ...pool.base, prefix: pool.size };
  const step = size(candidate);
  while (candidate.base <= last(pool.base)) {
    const obstacle = obstacles.find((cidr) => overlaps(cidr, candidate));
    if (obstacle === undefined) return candidate;
    // On to the first subnet behind the obstacle, which may be larger than many of them.
    candidate.base += ((last(obstacle) - candidate.base) / step + 1n) * step;
  }
  return undefined;
}

/** Networks and wishes as the tests need them. */
import type { LeaseRequest, NetworkRecord, NetworkRequest } from '../../src/network/network.ts';

export function record(over: Partial<NetworkRecord> = {}): NetworkRecord {
  return {
    id: 'a1b2c3'.padEnd(64, '0'),
    name: 'app_default',
    driver: 'bridge',
    driverOptions: {},
    internal: false,
    labels: {},
    createdAt: 0,
    bridge: 'tsbabcdefa1b2c3',
    ipv4: { subnet: '10.213.0.0/26', gateway: '10.213.0.1', reserved: [] },
    ...over,
  };
}

export function networkRequest(over: Partial<NetworkRequest> = {}): NetworkRequest {
  return {
    name: 'app_default',
    driver: 'bridge',
    driverOptions: {},
    internal: false,
    enableIpv6: false,
    subnets: [],
    labels: {},
    ...over,
  };
}

type Wish = LeaseRequest['networks'][number];

export function wish(over: Partial<Wish> = {}): Wish {
  return { network: 'app_default', names: ['web'], gatewayPriority: 0, ...over };
}

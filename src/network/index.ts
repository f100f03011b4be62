/**
 * Networks of containers: addresses, bridges, interfaces, published ports, names.
 * Goes in: networks by name, containers by id and a process in their namespace.
 * Comes out: leases, port bindings and network records, to be kept with the objects they belong to.
 * It reaches the machine through `src/host/` only, and knows neither projects nor services.
 * It never touches rules, interfaces or routes that are not its own.
 */
export type { ResolvConf } from './dns/resolv-conf.ts';
export { changedResolvConf, containerResolvConf, parseResolvConf } from './dns/resolv-conf.ts';
export type { NetworkKernel } from './kernel.ts';
export type { NetworkOptions } from './manager.ts';
export { createNetworkManager } from './manager.ts';
export type {
  Attachment,
  Lease,
  LeaseRequest,
  NetworkManager,
  NetworkRecord,
  NetworkRequest,
  PortBinding,
  PortRequest,
  TakenPort,
} from './network.ts';

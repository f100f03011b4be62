/** `/etc/hosts` and `/etc/resolv.conf` of a container. Pure. */
import type { ContainerSpec } from '../compose/plan/plan.ts';
import { changedResolvConf, containerResolvConf, parseResolvConf } from '../network/index.ts';
import type { ContainerRecord } from './record.ts';

const loopbackNames = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters',
];

/** Loopback (on the host's network: what the host's own file has), `extra_hosts`, and its name at every address it has. */
export function hostsFile(
  record: ContainerRecord,
  hostname: string,
  machine: { readonly hostGateway: string; readonly hostHosts: string },
): string {
  const { spec } = record;
  const base = spec.networkMode.kind === 'host' ? machine.hostHosts.trimEnd().split('\n') : loopbackNames;
  const full = spec.domainname === undefined ? hostname : `${hostname}.${spec.domainname}`;
  const [short] = full.split('.');
  const own = short === full ? full : `${full} ${short}`;
  const addresses = record.leases.flatMap((lease) => [
    lease.ipv4,
    ...(lease.ipv6 === undefined ? [] : [lease.ipv6]),
  ]);
  const extra = spec.extraHosts.map(
    ({ host, address }) => `${address === 'host-gateway' ? machine.hostGateway : address}\t${host}`,
  );
  return `${[...base, ...extra, ...addresses.map((address) => `${address}\t${own}`)].join('\n')}\n`;
}

/**
 * On networks of ours: the embedded resolver, which asks the service's `dns` servers for what it does not know.
 * Without them: the host's own file, with the service's settings laid over it.
 */
export function resolvConf(spec: ContainerSpec, hostResolvConf: string): string {
  const { dns: servers, dnsSearch: search, dnsOptions: options } = spec;
  const host = parseResolvConf(hostResolvConf);
  const usesResolver = spec.networkMode.kind === 'networks' || spec.networkMode.kind === 'bridge';
  if (usesResolver) return containerResolvConf(host, { search, options });
  const asItIs = servers.length + search.length + options.length === 0;
  return asItIs ? hostResolvConf : changedResolvConf(host, { servers, search, options });
}

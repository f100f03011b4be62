/** `/etc/hosts` and `/etc/resolv.conf` of a container. Pure. */
import type { ContainerSpec } from '../compose/plan/plan.ts';
import type { ContainerRecord } from './record.ts';

/** Where the embedded resolver answers in every container, as images expect it. */
export const resolverAddress = '127.0.0.11';

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
  const own = spec.domainname === undefined ? hostname : `${hostname}.${spec.domainname} ${hostname}`;
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
  const host = parse(hostResolvConf);
  const search = spec.dnsSearch.length > 0 ? spec.dnsSearch.filter((domain) => domain !== '.') : host.search;
  const usesResolver = spec.networkMode.kind === 'networks' || spec.networkMode.kind === 'bridge';
  const nameservers = usesResolver ? [resolverAddress] : spec.dns.length > 0 ? spec.dns : host.nameservers;
  const given = spec.dnsOptions.length > 0 ? spec.dnsOptions : host.options;
  const options =
    usesResolver && !given.some((option) => option.startsWith('ndots:')) ? [...given, 'ndots:0'] : given;
  const lines = [
    ...nameservers.map((address) => `nameserver ${address}`),
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** @see resolv.conf(5): the last `search` wins, `options` add up. */
function parse(text: string): { nameservers: string[]; search: string[]; options: string[] } {
  const found = { nameservers: [] as string[], search: [] as string[], options: [] as string[] };
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'nameserver' && values[0] !== undefined) found.nameservers.push(values[0]);
    if (keyword === 'search' || keyword === 'domain') found.search = values;
    if (keyword === 'options') found.options.push(...values);
  }
  return found;
}

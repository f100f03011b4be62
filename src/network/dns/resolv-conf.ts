/** resolv.conf(5): reading the host's, writing a container's. */
import { familyOf } from '../../host/netlink-addresses.ts';

export interface ResolvConf {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/** The resolver library looks no further than the third. */
export const maxServers = 3;

export function parseResolvConf(text: string): ResolvConf {
  let servers: string[] = [];
  let search: string[] = [];
  let options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/);
    if (keyword === 'nameserver') servers = [...servers, ...values.slice(0, 1)];
    if (keyword === 'search' || keyword === 'domain') search = values;
    if (keyword === 'options') options = [...options, ...values];
  }
  return { servers: servers.filter((server) => familyOf(server) !== undefined), search, options };
}

/**
 * What a container on a network of ours gets: this resolver, the host's search list unless the service has its
 * own, and `ndots:0`, so that a service's name is asked as it stands.
 */
export function containerResolvConf(host: ResolvConf, own: Omit<ResolvConf, 'servers'>): string {
  const options = own.options.length > 0 ? own.options : host.options;
  const withDots = options.some((option) => option.startsWith('ndots:')) ? options : [...options, 'ndots:0'];
  return changedResolvConf(host, { servers: ['127.0.0.11'], search: own.search, options: withDots });
}

/** The host's settings, each but for what the service says of it; a search list of "." is an empty one. */
export function changedResolvConf(host: ResolvConf, own: ResolvConf): string {
  const either = (one: readonly string[], other: readonly string[]) => (one.length > 0 ? one : other);
  const search = either(own.search, host.search).filter((domain) => domain !== '.');
  const options = either(own.options, host.options);
  return [
    ...either(own.servers, host.servers).map((server) => `nameserver ${server}`),
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    ...(options.length > 0 ? [`options ${options.join(' ')}`] : []),
    '',
  ].join('\n');
}

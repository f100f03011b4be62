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
export function containerResolvConf(
  host: ResolvConf,
  own: { readonly search: readonly string[]; readonly options: readonly string[] },
): string {
  const search = own.search.length > 0 ? own.search.filter((domain) => domain !== '.') : host.search;
  const options = own.options.length > 0 ? own.options : host.options;
  const withDots = options.some((option) => option.startsWith('ndots:')) ? options : [...options, 'ndots:0'];
  return [
    'nameserver 127.0.0.11',
    ...(search.length > 0 ? [`search ${search.join(' ')}`] : []),
    `options ${withDots.join(' ')}`,
    '',
  ].join('\n');
}

/**
 * The packet filter as text for nftables. One table of our own, whose rules never change: networks and published
 * ports are elements of its sets and maps, and other people's rules are never touched.
 *
 * A packet that we accept may still be dropped by somebody else's `forward` chain with `policy drop`
 * (ufw, firewalld, Docker): a verdict is final in its own table only.
 */
import { parseCidr } from './cidr.ts';
import type { NetworkRecord, PortBinding } from './network.ts';

export interface PublishedPort {
  readonly binding: PortBinding;
  /** The container's address. */
  readonly address: string;
}

export type Family = 'ipv4' | 'ipv6';

/** A network as the rules see it. */
export interface FilteredNetwork {
  readonly bridge: string;
  readonly subnets: readonly string[];
  readonly internal: boolean;
  readonly masquerade: boolean;
  /** False: containers on it do not reach each other. */
  readonly siblings: boolean;
}

export function filteredNetwork(record: NetworkRecord): FilteredNetwork {
  const isOff = (option: string): boolean =>
    record.driverOptions[`com.docker.network.bridge.${option}`] === 'false';
  return {
    bridge: record.bridge,
    subnets: [record.ipv4.subnet, ...(record.ipv6 === undefined ? [] : [record.ipv6.subnet])],
    internal: record.internal,
    masquerade: !record.internal && !isOff('enable_ip_masquerade'),
    siblings: !isOff('enable_icc'),
  };
}

/**
 * The whole table, in place of what was in it. One transaction: no packet sees half of it.
 * Nothing is deleted that does not exist: after a deletion the kernel makes the next transaction wait some 15 ms.
 */
export function wholeTable(
  table: string,
  networks: readonly FilteredNetwork[],
  ports: readonly PublishedPort[],
  strangers: readonly Family[] = [],
): string {
  return [
    `table inet ${table} {\n${[...Object.values(sets), ...Object.values(chains).map(({ hook }) => hook)].join('\n')}\n}`,
    ...Object.keys(chains).map((name) => `flush chain inet ${table} ${name}`),
    ...Object.entries(sets).map(([name, declared]) => `flush ${declared.slice(0, 3)} inet ${table} ${name}`),
    ...Object.entries(chains).flatMap(([name, { rules }]) =>
      rules.map((rule) => `add rule inet ${table} ${name} ${rule}`),
    ),
    ...networks.map((network) => changeNetwork('add', table, network)),
    changePorts('add', table, ports),
    addStrangers(table, strangers),
  ].join('\n');
}

/** Makes room for `wholeTable` when what stands there is of another shape. */
export function noTable(table: string): string {
  return `table inet ${table}\ndelete table inet ${table}`;
}

type Change = 'add' | 'delete';

export function changeNetwork(change: Change, table: string, network: FilteredNetwork): string {
  const { bridge, subnets } = network;
  const name = `"${bridge}"`;
  const elements: (readonly [set: string, element: string])[] = [['bridges', name]];
  if (network.internal) elements.push(['internal', name]);
  if (network.siblings) elements.push(['siblings', `${name} . ${name}`]);
  for (const subnet of subnets) {
    const family = parseCidr(subnet)?.family ?? 4;
    elements.push([`subnets${family}`, `${subnet} . ${name}`]);
    if (network.masquerade) elements.push([`masqueraded${family}`, subnet]);
  }
  return elements.map(([set, element]) => `${change} element inet ${table} ${set} { ${element} }`).join('\n');
}

/** IPv6 bindings are not among them: those are served by a relay. */
export function changePorts(change: Change, table: string, ports: readonly PublishedPort[]): string {
  return ports
    .filter(({ binding }) => !binding.hostIp.includes(':'))
    .map(({ binding, address }) => {
      const { protocol, hostPort, hostIp, target } = binding;
      const everywhere = hostIp === '' || hostIp === '0.0.0.0';
      const map = everywhere ? 'published' : 'published_at';
      const key = `${everywhere ? '' : `${hostIp} . `}${protocol} . ${hostPort}`;
      const value = change === 'add' ? ` : ${address} . ${target}` : '';
      return `${change} element inet ${table} ${map} { ${key}${value} }`;
    })
    .join('\n');
}

/** Of these families nothing is passed on that is not ours. */
export function addStrangers(table: string, families: readonly Family[]): string {
  return families.map((family) => `add element inet ${table} strangers { ${family} : drop }`).join('\n');
}

/** In the container's namespace: what is sent to 127.0.0.11:53 arrives at our sockets there. */
export function resolverTable(resolver: { readonly udpPort: number; readonly tcpPort: number }): string {
  const table = 'ip tscompose_dns';
  return [
    `table ${table} {\nchain output { type nat hook output priority -100; policy accept; }\n}`,
    `flush chain ${table} output`,
    `add rule ${table} output ip daddr 127.0.0.11 udp dport 53 dnat to 127.0.0.11:${resolver.udpPort}`,
    `add rule ${table} output ip daddr 127.0.0.11 tcp dport 53 dnat to 127.0.0.11:${resolver.tcpPort}`,
  ].join('\n');
}

const sets = {
  bridges: 'set bridges { type ifname; }',
  internal: 'set internal { type ifname; }',
  siblings: 'set siblings { type ifname . ifname; }',
  subnets4: 'set subnets4 { type ipv4_addr . ifname; flags interval; }',
  subnets6: 'set subnets6 { type ipv6_addr . ifname; flags interval; }',
  masqueraded4: 'set masqueraded4 { type ipv4_addr; flags interval; }',
  masqueraded6: 'set masqueraded6 { type ipv6_addr; flags interval; }',
  published: 'map published { type inet_proto . inet_service : ipv4_addr . inet_service; }',
  strangers: 'map strangers { type nf_proto : verdict; }',
  published_at: 'map published_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }',
} as const;

/** Jumped-to chains stand before those that jump to them. */
const chains: Readonly<Record<string, { readonly hook: string; readonly rules: readonly string[] }>> = {
  // The host's own loopback services stay its own, though our bridges may route 127/8.
  guard: {
    hook: 'chain guard { type filter hook prerouting priority -300; policy accept; }',
    rules: ['iifname @bridges ip daddr 127.0.0.0/8 drop'],
  },
  publish: {
    hook: 'chain publish { }',
    rules: [
      'dnat ip to ip daddr . meta l4proto . th dport map @published_at',
      'dnat ip to meta l4proto . th dport map @published',
    ],
  },
  prerouting: {
    hook: 'chain prerouting { type nat hook prerouting priority -100; policy accept; }',
    rules: ['meta l4proto { tcp, udp, sctp } fib daddr type local ip daddr != 127.0.0.0/8 jump publish'],
  },
  output: {
    hook: 'chain output { type nat hook output priority -100; policy accept; }',
    rules: ['meta nfproto ipv4 meta l4proto { tcp, udp, sctp } fib daddr type local jump publish'],
  },
  // Into a bridge: only answers, and what was sent to a published port. Between bridges: only that, too. Beside them:
  // nothing, where we made the machine a router; the bridges of engines with other state roots are known by their names.
  forward: {
    hook: 'chain forward { type filter hook forward priority 0; policy accept; }',
    rules: [
      'iifname . oifname @siblings accept',
      'ct state established,related accept',
      'iifname @internal drop',
      'oifname @internal drop',
      'oifname @bridges ct status dnat accept',
      'oifname @bridges drop',
      'iifname != @bridges iifname != "tsb*" oifname != "tsb*" meta nfproto vmap @strangers',
    ],
  },
  // A container that reaches its own network through a published port must see the answer come back that way.
  postrouting: {
    hook: 'chain postrouting { type nat hook postrouting priority 100; policy accept; }',
    rules: [
      'ip saddr 127.0.0.0/8 oifname @bridges masquerade',
      'ip saddr . oifname @subnets4 ct status dnat masquerade',
      'ip saddr . oifname @subnets4 return',
      'ip saddr @masqueraded4 masquerade',
      'ip6 saddr . oifname @subnets6 return',
      'ip6 saddr @masqueraded6 masquerade',
    ],
  },
};

/** Words and numbers that no engine could carry out: refused with their place, before anything is changed. */
import { capabilityNamed, capabilityNames, limitRows, sysctlRefusal } from '../../../linux.ts';
import { asHosts } from '../merge.ts';
import { child, entriesOf, itemsOf, type Node, stringOf } from '../node.ts';
import { isIPv4, isIPv6, parseRange } from '../ports.ts';
import type { Problems } from '../problems.ts';
import { scalarText } from '../scalars.ts';
import type { Span } from '../source.ts';
import { suggestion } from '../suggest.ts';
import { checkAmounts } from './amounts.ts';
import { checkDevices } from './devices.ts';
import { checkHealth } from './health.ts';
import { checkHostname } from './hostname.ts';
import { checkImageName } from './image-name.ts';
import type { ServicePlace } from './index.ts';
import { checkLogging } from './logging.ts';
import { checkInterfaceNames, checkJoinedNetwork } from './network-use.ts';
import { checkPlatform } from './platform.ts';
import { checkStopping } from './stopping.ts';
import { checkTargets } from './targets.ts';

/** Says what is wrong with the value at a path below the service. Where something else was found already, it is silent. */
export type Refuse = (path: string, at: Span | undefined, message: string, hint: string) => void;

export function checkValues({ name, service }: ServicePlace, problems: Problems): void {
  const refuse: Refuse = (path, at, message, hint) => {
    if (at === undefined || problems.blames(at)) return;
    problems.add({ code: 'COMPOSE_VALUE', message: `services.${name}.${path}: ${message}`, at, hint });
  };
  for (const check of checks) check(service, refuse);
}

const checks: readonly ((service: Node, refuse: Refuse) => void)[] = [
  checkImageName,
  checkPlatform,
  checkCapabilities,
  checkStopping,
  checkSysctls,
  checkUlimits,
  checkSecurityOptions,
  checkHostname,
  checkDns,
  checkExtraHosts,
  checkExpose,
  checkDevices,
  checkAttachments,
  checkInterfaceNames,
  checkJoinedNetwork,
  checkAmounts,
  checkLogging,
  checkHealth,
  checkTargets,
];

function checkCapabilities(service: Node, refuse: Refuse): void {
  const known = ['ALL', ...capabilityNames.map((name) => name.slice('CAP_'.length))];
  for (const key of ['cap_add', 'cap_drop']) {
    for (const [index, item] of itemsOf(child(service, key)).entries()) {
      const text = stringOf(item);
      if (text === undefined || capabilityNamed(text) !== undefined) continue;
      const near = suggestion(text.replace(/^cap_/i, ''), known);
      refuse(
        `${key}[${index}]`,
        item,
        `unknown capability "${text}"`,
        near ?? 'capabilities(7) lists them; NET_ADMIN and CAP_NET_ADMIN mean the same',
      );
    }
  }
}

function checkSysctls(service: Node, refuse: Refuse): void {
  const isOwn = (key: string): boolean => stringOf(child(service, key)) !== 'host';
  const own = { network: isOwn('network_mode'), ipc: isOwn('ipc'), uts: isOwn('uts') };
  for (const { key, at, path } of pairsOf(child(service, 'sysctls'))) {
    const reason = sysctlRefusal(key, own);
    if (reason === undefined) continue;
    refuse(
      `sysctls${path}`,
      at,
      `${key} cannot be set: ${reason}`,
      'set it on the host itself, or leave it out',
    );
  }
}

function checkUlimits(service: Node, refuse: Refuse): void {
  for (const [limit, entry] of entriesOf(child(service, 'ulimits'))) {
    const { value } = entry;
    if (limitRows[limit] === undefined) {
      const known = Object.keys(limitRows);
      const hint = suggestion(limit, known) ?? `write one of ${known.join(', ')}`;
      refuse(`ulimits.${limit}`, entry, 'there is no such limit', hint);
    }
    const [soft, hard] = [child(value, 'soft'), child(value, 'hard')];
    const [low, high] = [boundOf(soft), boundOf(hard)];
    if (low === undefined || high === undefined || low <= high) continue;
    refuse(
      `ulimits.${limit}.soft`,
      soft,
      `the soft limit ${shown(low)} is above the hard limit ${shown(high)}`,
      'a process may raise its soft limit up to the hard one: raise `hard`, or lower `soft`',
    );
  }
}

function boundOf(node: Node | undefined): number | undefined {
  const text = textOf(node);
  if (text === undefined || !/^-?\d+$/.test(text)) return undefined;
  return Number(text) === -1 ? Number.POSITIVE_INFINITY : Number(text);
}

function shown(bound: number): string {
  return bound === Number.POSITIVE_INFINITY ? '-1 (no limit)' : String(bound);
}

const securityOption =
  /^(no-new-privileges([=:](true|false|1|0|t|f))?|(seccomp|apparmor|label)[=:].+|systempaths[=:]unconfined)$/i;
const securityKeys = ['seccomp', 'apparmor', 'label', 'no-new-privileges', 'systempaths'];

function checkSecurityOptions(service: Node, refuse: Refuse): void {
  for (const [index, item] of itemsOf(child(service, 'security_opt')).entries()) {
    const text = stringOf(item);
    if (text === undefined || securityOption.test(text)) continue;
    const word = text.split(/[=:]/, 1)[0] ?? '';
    const near = securityKeys.includes(word) ? undefined : suggestion(word, securityKeys);
    refuse(
      `security_opt[${index}]`,
      item,
      `"${text}" is no security option`,
      near ??
        'write seccomp=unconfined, seccomp=PROFILE.json, apparmor=…, label=…, no-new-privileges or systempaths=unconfined',
    );
  }
}

function checkDns(service: Node, refuse: Refuse): void {
  for (const [index, item] of itemsOf(child(service, 'dns')).entries()) {
    const text = stringOf(item);
    if (text === undefined || isIPv4(text) || isIPv6(text)) continue;
    refuse(
      `dns[${index}]`,
      item,
      `"${text}" is no address`,
      'write the address of a name server, such as 1.1.1.1',
    );
  }
}

/** An address may be empty in what is only read: its variable was. */
function checkExtraHosts(service: Node, refuse: Refuse): void {
  const hosts = child(service, 'extra_hosts');
  for (const [index, item] of (hosts === undefined ? [] : asHosts(hosts).items).entries()) {
    const text = stringOf(item);
    if (text === undefined || !/[=:,](,|$)/.test(text)) continue;
    const hint = 'write "name=address", or take it out where its variable is not set';
    refuse(`extra_hosts[${index}]`, item, `"${text}" has no address`, hint);
  }
}

function checkExpose(service: Node, refuse: Refuse): void {
  for (const [index, item] of itemsOf(child(service, 'expose')).entries()) {
    const text = textOf(item);
    const [range = '', protocol = 'tcp', more] = text?.split('/') ?? [];
    const isPort =
      parseRange(range) !== undefined && /^(tcp|udp|sctp)$/i.test(protocol) && more === undefined;
    if (text === undefined || isPort) continue;
    refuse(
      `expose[${index}]`,
      item,
      `"${text}" is no port`,
      'write a port or a range, such as 80 or 8000-8010/udp',
    );
  }
}

const hardwareAddress = /^[0-9a-f][02468ace]([:-][0-9a-f]{2}){5}$/i;
const families = { ipv4_address: ['IPv4', isIPv4], ipv6_address: ['IPv6', isIPv6] } as const;

function checkAttachments(service: Node, refuse: Refuse): void {
  checkMac('mac_address', child(service, 'mac_address'), refuse);
  for (const [network, { value }] of entriesOf(child(service, 'networks'))) {
    const path = `networks.${network}`;
    checkMac(`${path}.mac_address`, child(value, 'mac_address'), refuse);
    for (const [key, [family, isOne]] of Object.entries(families)) {
      const address = child(value, key);
      const text = stringOf(address);
      if (text === undefined || text === '' || isOne(text)) continue;
      const hint = `write an ${family} address of the network's subnet`;
      refuse(`${path}.${key}`, address, `"${text}" is no ${family} address`, hint);
    }
  }
}

function checkMac(path: string, node: Node | undefined, refuse: Refuse): void {
  const text = stringOf(node);
  if (text === undefined || text === '' || hardwareAddress.test(text)) return;
  refuse(
    path,
    node,
    `"${text}" is no hardware address of an interface`,
    'write six pairs of hexadecimal digits with an even first one, such as 02:42:ac:11:00:02',
  );
}

interface Pair {
  readonly key: string;
  readonly at: Span;
  /** Below the attribute: `.net.core.somaxconn` or `[0]`. */
  readonly path: string;
}

/** `{a: 1}` and `["a=1"]` alike. */
function pairsOf(node: Node | undefined): readonly Pair[] {
  const named = [...entriesOf(node)].map(([key, entry]) => ({ key, at: entry, path: `.${key}` }));
  const listed = itemsOf(node).map((item, index) => ({
    key: (stringOf(item) ?? '').split('=', 1)[0] ?? '',
    at: item,
    path: `[${index}]`,
  }));
  return [...named, ...listed];
}

export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? scalarText(node.value) : undefined;
}

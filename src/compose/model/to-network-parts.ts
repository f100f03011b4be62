/** Ports, attachments, hosts and namespaces of a service. */
import { parseRange } from '../load/ports.ts';
import type { Json, NamespaceMode, NetworkAttachment, PortMapping } from './project.ts';
import { type JsonMap, mapEach, numberOf, optional, textOf, textsOf } from './read.ts';

export function toPort(port: JsonMap): PortMapping {
  const published = textOf(port.published);
  const range = published === undefined ? undefined : parseRange(published);
  return {
    target: numberOf(port.target) ?? 0,
    // `0` asks for any free port, as an absent one does.
    ...optional('published', range?.start === 0 ? undefined : range),
    ...optional('hostIp', textOf(port.host_ip)),
    protocol: (textOf(port.protocol) ?? 'tcp') as PortMapping['protocol'],
    mode: port.mode === 'host' ? 'host' : 'ingress',
    ...optional('name', textOf(port.name)),
    ...optional('appProtocol', textOf(port.app_protocol)),
  };
}

/** In order of attachment: highest `priority` first, then by name. */
export function toAttachments(value: Json | undefined): Readonly<Record<string, NetworkAttachment>> {
  const all = Object.entries(mapEach(value, toAttachment));
  all.sort(([a, { priority: p = 0 }], [b, { priority: q = 0 }]) => q - p || (a < b ? -1 : 1));
  return Object.fromEntries(all);
}

function toAttachment(network: JsonMap): NetworkAttachment {
  return {
    aliases: textsOf(network.aliases),
    ...optional('ipv4Address', textOf(network.ipv4_address)),
    ...optional('ipv6Address', textOf(network.ipv6_address)),
    ...optional('macAddress', textOf(network.mac_address)),
    ...optional('interfaceName', textOf(network.interface_name)),
    ...optional('priority', numberOf(network.priority)),
    ...optional('gatewayPriority', numberOf(network.gw_priority)),
  };
}

const plainModes = ['none', 'host', 'bridge', 'private', 'shareable'] as const;

export function toNamespace(mode: string | undefined): NamespaceMode | undefined {
  if (mode === undefined || mode === '') return undefined;
  if (mode.startsWith('service:')) return { kind: 'service', service: mode.slice('service:'.length) };
  if (mode.startsWith('container:')) return { kind: 'container', container: mode.slice('container:'.length) };
  const plain = plainModes.find((known) => known === mode);
  return plain === undefined ? undefined : { kind: plain };
}

/** `default` is a network of its own to Docker, and the bridge to us. */
export function toNetworkMode(mode: string | undefined): NamespaceMode | undefined {
  return mode === 'default' ? { kind: 'bridge' } : toNamespace(mode);
}

/** `service:alias`, or the service's own name. */
export function toLinks(value: Json | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    textsOf(value).map((link) => {
      const [service = '', alias = service] = link.split(':');
      return [alias, service];
    }),
  );
}

export function toHosts(value: Json | undefined): readonly { host: string; address: string }[] {
  return textsOf(value).map((entry) => {
    const equals = entry.indexOf('=');
    return { host: entry.slice(0, equals), address: entry.slice(equals + 1) };
  });
}

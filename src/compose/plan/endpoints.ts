/** How a container meets its networks: which, in which order, under which names. */
import type { NamespaceMode, Project, Service } from '../model/project.ts';
import { linkAliases } from './links.ts';
import type { ContainerSpec, EndpointSpec } from './plan.ts';
import { present } from './present.ts';

/** Networks every Docker engine has without making them; a file reaches them as external networks. */
const predefined: Readonly<Record<string, ContainerSpec['networkMode']>> = {
  host: { kind: 'host' },
  none: { kind: 'none' },
  bridge: { kind: 'bridge' },
};

export interface EndpointNames {
  readonly containerName: string;
  /** False for one-offs: only the container's own name then leads to it. */
  readonly answersToService: boolean;
}

/** The endpoints, in order of attachment: higher `priority` first, then by key. */
export function endpoints(project: Project, service: Service, names: EndpointNames): readonly EndpointSpec[] {
  const links = names.answersToService ? linkAliases(project, service.name) : {};
  return attachedNetworks(project, service).map((key, index) => {
    const attachment = service.networks[key]!;
    const answered = names.answersToService
      ? [service.name, names.containerName, ...attachment.aliases, ...(links[key] ?? [])]
      : [names.containerName];
    return {
      network: networkOf(project, key).name,
      aliases: [...new Set(answered)],
      gatewayPriority: attachment.gatewayPriority ?? 0,
      ...present({
        ipv4Address: attachment.ipv4Address,
        ipv6Address: attachment.ipv6Address,
        macAddress: attachment.macAddress ?? (index === 0 ? service.macAddress : undefined),
        interfaceName: attachment.interfaceName,
      }),
    };
  });
}

/** Keys of the networks the service's containers are attached to, in order; none when it shares another's namespace. */
export function attachedNetworks(project: Project, service: Service): readonly string[] {
  if (networkNamespace(project, service) !== undefined) return [];
  const priority = (key: string) => service.networks[key]!.priority ?? 0;
  return Object.keys(service.networks).sort((a, b) => priority(b) - priority(a) || (a < b ? -1 : 1));
}

export function networkMode(
  project: Project,
  service: Service,
  joined: (service: string) => string,
): ContainerSpec['networkMode'] {
  const mode = networkNamespace(project, service);
  if (mode === undefined) return { kind: 'networks' };
  if (mode.kind === 'networks') return mode;
  return mode.kind === 'service' ? { kind: 'container', container: joined(mode.service) } : mode;
}

/** Whether the name is one of the networks that exist without being made. */
export function isPredefined(networkName: string): boolean {
  return networkName in predefined;
}

function networkNamespace(
  project: Project,
  service: Service,
): NamespaceMode | ContainerSpec['networkMode'] | undefined {
  if (service.networkMode) return service.networkMode;
  const keys = Object.keys(service.networks);
  if (keys.length === 0) return { kind: 'none' };
  const external = keys.map((key) => networkOf(project, key)).filter((network) => network.external);
  return external.map((network) => predefined[network.name]).find((mode) => mode !== undefined);
}

function networkOf(project: Project, key: string): Project['networks'][string] {
  const network = project.networks[key];
  if (!network) throw new Error(`network ${key} is used and not defined`);
  return network;
}

/** The typed project of a canonical form: units resolved, spellings of one thing made one. Pure. */
import type { FileObject, Network, Project, Service, Volume } from './project.ts';
import { type JsonMap, listOf, mapEach, mapOf, optional, pairsOf, textOf } from './read.ts';
import { toService } from './to-service.ts';

export interface ProjectParts {
  readonly name: string;
  readonly workingDir: string;
  readonly configFiles: readonly string[];
  readonly envFiles: readonly string[];
  readonly canonical: JsonMap;
  /** Services that are off, in canonical form. */
  readonly disabled: JsonMap;
  /** False: values may still hold variables, so only the canonical form means something. */
  readonly typed: boolean;
  readonly profiles: readonly string[];
  /** For secrets and configs that are taken from a variable. */
  readonly variables: ReadonlyMap<string, string>;
  /** Asked for once, and by few. */
  readonly positions: () => Project['positions'];
}

/** What a command does not ask for, in a big project, it does not wait for. */
export function toProject(parts: ProjectParts): Project {
  const { canonical, variables } = parts;
  const tree = parts.typed ? canonical : {};
  const service = (value: JsonMap, name: string): Service => toService(value, name, parts.workingDir);
  const fileObject = (value: JsonMap): FileObject => toFileObject(value, variables);
  return atFirstUse({
    name: () => parts.name,
    workingDir: () => parts.workingDir,
    configFiles: () => parts.configFiles,
    envFiles: () => parts.envFiles,
    services: () => mapEach(tree.services, service),
    disabledServices: () => mapEach(parts.disabled, service),
    networks: () => mapEach(tree.networks, toNetwork),
    volumes: () => mapEach(tree.volumes, toVolume),
    secrets: () => mapEach(tree.secrets, fileObject),
    configs: () => mapEach(tree.configs, fileObject),
    profiles: () => parts.profiles,
    canonical: () => canonical,
    positions: parts.positions,
  });
}

/** An object whose values are made when they are first asked for, each once. */
function atFirstUse<T extends object>(make: { readonly [K in keyof T]: () => T[K] }): T {
  const made: Partial<T> = {};
  for (const key in make) {
    Object.defineProperty(made, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = make[key]();
        Object.defineProperty(made, key, { value, enumerable: true });
        return value;
      },
    });
  }
  return made as T;
}

function toNetwork(network: JsonMap): Network {
  const ipam = mapOf(network.ipam);
  return {
    name: textOf(network.name) ?? '',
    external: network.external === true,
    driver: textOf(network.driver) ?? 'bridge',
    driverOptions: pairsOf(network.driver_opts),
    internal: network.internal === true,
    attachable: network.attachable === true,
    enableIpv4: network.enable_ipv4 !== false,
    enableIpv6: network.enable_ipv6 === true,
    labels: pairsOf(network.labels),
    ipam: {
      ...optional('driver', textOf(ipam.driver)),
      config: listOf(ipam.config)
        .map(mapOf)
        .map((pool) => ({
          ...optional('subnet', textOf(pool.subnet)),
          ...optional('gateway', textOf(pool.gateway)),
          ...optional('ipRange', textOf(pool.ip_range)),
          ...(pool.aux_addresses === undefined ? {} : { auxAddresses: pairsOf(pool.aux_addresses) }),
        })),
    },
  };
}

function toVolume(volume: JsonMap): Volume {
  return {
    name: textOf(volume.name) ?? '',
    external: volume.external === true,
    driver: textOf(volume.driver) ?? 'local',
    driverOptions: pairsOf(volume.driver_opts),
    labels: pairsOf(volume.labels),
  };
}

function toFileObject(object: JsonMap, variables: ReadonlyMap<string, string>): FileObject {
  const name = textOf(object.name) ?? '';
  const variable = textOf(object.environment);
  const file = textOf(object.file);
  if (object.external === true) return { kind: 'external', name };
  if (variable !== undefined) {
    return { kind: 'environment', name, variable, content: variables.get(variable) ?? '' };
  }
  if (file !== undefined) return { kind: 'file', name, file };
  return { kind: 'content', name, content: textOf(object.content) ?? '' };
}

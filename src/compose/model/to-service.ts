/** One service of the typed project. */
import { posix } from 'node:path';
import type { Json, Service } from './project.ts';
import {
  type JsonMap,
  listOf,
  mapEach,
  mapOf,
  numberOf,
  optional,
  pairsOf,
  textOf,
  textsOf,
} from './read.ts';
import { toHealthcheck, toRestart } from './to-lifecycle.ts';
import { toLogging } from './to-logging.ts';
import { toFileMount, toMounts } from './to-mounts.ts';
import { toAttachments, toHosts, toLinks, toNamespace, toNetworkMode, toPort } from './to-network-parts.ts';
import { toResources, toUlimits } from './to-resources.ts';
import { bytes, milliseconds } from './units.ts';

/** @param directory of the project, for paths that the canonical form leaves as they are */
export function toService(service: JsonMap, name: string, directory: string): Service {
  const deploy = mapOf(service.deploy);
  return {
    name,
    ...optional('image', textOf(service.image)),
    ...optional('build', service.build),
    ...optional('pullPolicy', textOf(service.pull_policy)),
    ...optional('platform', textOf(service.platform)),
    ...optional('command', words(service.command)),
    ...optional('entrypoint', words(service.entrypoint)),
    environment: mapOf(service.environment) as Readonly<Record<string, string | null>>,
    ...optional('workingDir', textOf(service.working_dir)),
    ...optional('user', textOf(service.user)),
    groupAdd: textsOf(service.group_add),
    ...optional('hostname', textOf(service.hostname)),
    ...optional('domainname', textOf(service.domainname)),
    ...optional('containerName', textOf(service.container_name)),
    labels: pairsOf(service.labels),
    annotations: pairsOf(service.annotations),
    ports: listOf(service.ports).map(mapOf).map(toPort),
    expose: textsOf(service.expose),
    mounts: toMounts(service),
    networks: toAttachments(service.networks),
    ...optional('networkMode', toNetworkMode(textOf(service.network_mode))),
    ...optional('pid', toNamespace(textOf(service.pid))),
    ...optional('ipc', toNamespace(textOf(service.ipc))),
    ...(service.uts === 'host' ? { uts: 'host' as const } : {}),
    dependsOn: mapEach(service.depends_on, (dependency) => ({
      condition: (textOf(dependency.condition) ?? 'service_started') as 'service_started',
      required: dependency.required !== false,
      restart: dependency.restart === true,
    })),
    links: toLinks(service.links),
    ...optional('healthcheck', toHealthcheck(service.healthcheck)),
    restart: toRestart(textOf(service.restart), deploy.restart_policy),
    ...optional('stopSignal', textOf(service.stop_signal)),
    ...optional('stopGracePeriodMs', milliseconds(service.stop_grace_period)),
    init: service.init === true,
    tty: service.tty === true,
    stdinOpen: service.stdin_open === true,
    readOnly: service.read_only === true,
    privileged: service.privileged === true,
    capAdd: textsOf(service.cap_add),
    capDrop: textsOf(service.cap_drop),
    securityOpt: textsOf(service.security_opt).map((option) => securityOption(option, directory)),
    ulimits: toUlimits(service.ulimits),
    sysctls: pairsOf(service.sysctls),
    extraHosts: toHosts(service.extra_hosts),
    dns: textsOf(service.dns),
    dnsSearch: textsOf(service.dns_search),
    dnsOptions: textsOf(service.dns_opt),
    ...optional('macAddress', textOf(service.mac_address)),
    devices: listOf(service.devices)
      .map(mapOf)
      .map((device) => ({
        source: textOf(device.source) ?? '',
        target: textOf(device.target) ?? textOf(device.source) ?? '',
        permissions: textOf(device.permissions) ?? 'rwm',
      })),
    ...optional('shmSizeBytes', bytes(service.shm_size)),
    resources: toResources(service),
    secrets: listOf(service.secrets).map((secret) => toFileMount(mapOf(secret), '/run/secrets')),
    configs: listOf(service.configs).map((config) => toFileMount(mapOf(config), '/')),
    profiles: textsOf(service.profiles),
    scale: numberOf(service.scale) ?? numberOf(deploy.replicas) ?? 1,
    attach: service.attach !== false,
    ...toLogging(service),
    canonical: service,
  };
}

/** `seccomp=profile.json` names a file of the project. */
function securityOption(option: string, directory: string): string {
  const [, key, profile] = /^(seccomp[=:])(.+)$/.exec(option) ?? [];
  const isPath = profile !== undefined && !/^(unconfined|builtin)$|^\s*\{/.test(profile);
  return isPath ? `${key}${posix.resolve(directory, profile)}` : option;
}

/** Null is the image's own. */
function words(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? textsOf(value) : undefined;
}

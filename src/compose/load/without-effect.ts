/** Attributes that are understood and change nothing in this version; they are named in one warning. */
import { logDrivers, logOptions } from './log-options.ts';
import { child, entriesOf, itemsOf, type MapNode, type Node, stringOf } from './node.ts';
import type { Problems } from './problems.ts';
import { lazy, type Rules, rules, step, stepItem } from './rules.ts';
import type { Span } from './source.ts';

/** By path; a value under one of them is not looked at further. */
export const keysWithoutEffect = {
  services: [
    'blkio_config',
    'cgroup',
    'cgroup_parent',
    'cpu_count',
    'cpu_percent',
    'cpu_rt_period',
    'cpu_rt_runtime',
    'credential_spec',
    'deploy.endpoint_mode',
    'deploy.labels',
    'deploy.mode',
    'deploy.placement',
    'deploy.resources.reservations.cpus',
    'deploy.resources.reservations.devices',
    'deploy.resources.reservations.generic_resources',
    'deploy.rollback_config',
    'deploy.update_config',
    'develop',
    'device_cgroup_rules',
    'external_links',
    'gpus',
    'isolation',
    'logging.driver',
    'logging.options.*',
    'mem_swappiness',
    'models',
    'networks.*.driver_opts',
    'networks.*.link_local_ips',
    'post_start',
    'pre_start',
    'pre_stop',
    'pull_refresh_after',
    'runtime',
    'storage_opt',
    'use_api_socket',
    'userns_mode',
    'volumes.[].bind.selinux',
    'volumes.[].consistency',
    'volumes_from',
  ],
  networks: ['driver_opts.*', 'ipam.driver', 'ipam.options'],
  secrets: ['driver', 'driver_opts', 'labels', 'template_driver'],
  configs: ['labels', 'template_driver'],
} as const;

/** Of the options of networks and of `logging`, those that are carried out. */
const carriedOut: readonly string[] = [
  ...logOptions,
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.bridge.enable_ip_masquerade',
  'com.docker.network.bridge.name',
  'com.docker.network.driver.mtu',
  'macvlan_mode',
  'parent',
];

const carriedOutValues: Readonly<Record<string, readonly string[]>> = { 'logging.driver': logDrivers };

const tables = lazy(() =>
  Object.entries(keysWithoutEffect).map(([section, paths]) => ({
    section,
    rules: rules(Object.fromEntries(paths.map((path) => [path, path as string]))),
  })),
);

/** One warning for all of them, as they are called by the specification. */
export function warnOfNoEffect(tree: MapNode, enabled: ReadonlySet<string>, problems: Problems): void {
  const used = new Set(withoutEffect(tree, enabled).map(({ attribute }) => attribute));
  if (used.size === 0) return;
  problems.warn({
    code: 'COMPOSE_NO_EFFECT',
    message: `these attributes have no effect in this version: ${[...used].sort().join(', ')}`,
  });
}

export interface Idle {
  /** `services.gpus` */
  readonly attribute: string;
  /** `services.web.gpus` */
  readonly path: string;
  /** The key. */
  readonly at: Span;
}

/** Of these services, and of everything beside services. */
export function withoutEffect(tree: MapNode, services: ReadonlySet<string>): readonly Idle[] {
  const found: Idle[] = [];
  for (const { section, rules: table } of tables()) {
    for (const [name, entry] of entriesOf(child(tree, section))) {
      if (section === 'services' && !services.has(name)) continue;
      const idle: Tell = (key, path, at) => found.push({ attribute: `${section}.${key}`, path, at });
      collect(entry.value, table, { path: `${section}.${name}`, at: entry }, idle);
    }
  }
  const models = tree.entries.get('models');
  if (models !== undefined) found.push({ attribute: 'models', path: 'models', at: models });
  for (const [name, { value }] of entriesOf(child(tree, 'networks'))) {
    const switched = child(value, 'enable_ipv4');
    const path = `networks.${name}.enable_ipv4`;
    if (switched?.kind === 'scalar' && switched.value === false)
      found.push({ attribute: 'networks.enable_ipv4', path, at: switched });
  }
  return found;
}

type Tell = (key: string, path: string, at: Span) => void;

interface Where {
  readonly path: string;
  readonly at: Span;
}

function collect(node: Node, table: Rules<string> | undefined, { path, at }: Where, tell: Tell): void {
  if (table === undefined) return;
  if (table.value !== undefined) {
    if (carriedOutValues[table.value]?.includes(stringOf(node) ?? '')) return;
    tell(table.value.replaceAll('.[]', '').replaceAll('.*', ''), path, at);
    return;
  }
  for (const [key, entry] of entriesOf(node)) {
    if (!carriedOut.includes(key))
      collect(entry.value, step(table, key), { path: `${path}.${key}`, at: entry }, tell);
  }
  for (const [index, item] of itemsOf(node).entries())
    collect(item, stepItem(table), { path: `${path}[${index}]`, at: item }, tell);
}

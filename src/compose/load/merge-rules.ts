/**
 * How an attribute of a later file (or of a service that extends another) meets the one before, as data.
 * What no rule names: maps merge key by key, lists are appended, scalars are replaced.
 * @see Compose Specification, 13-merge
 */
import { lazy, type Rules, rules } from './rules.ts';

export type MergeRule =
  /** The later one wins as a whole. */
  | 'replace'
  /** Strings, lists and maps all become a list (`K=V` for maps), appended. */
  | 'append'
  /** The later one's `host: address` pairs are appended, repeated ones dropped. */
  | 'append-hosts'
  /** A short list of names is a map of them with this value; then maps merge. */
  | 'names-to-null'
  | 'names-to-dependency'
  /** A short string is `{context: …}`; then maps merge. */
  | 'build'
  /** Merged when both name the same driver or one names none, else replaced. */
  | 'logging'
  /** Entries with the same subnet merge. */
  | 'ipam'
  /** Maps merge, anything else is replaced. */
  | 'ulimit';

export const mergeRules: () => Rules<MergeRule> = lazy(() =>
  rules<MergeRule>({
    'services.*.annotations': 'append',
    'services.*.build': 'build',
    'services.*.build.additional_contexts': 'append',
    'services.*.build.args': 'append',
    'services.*.build.extra_hosts': 'append-hosts',
    'services.*.build.labels': 'append',
    'services.*.command': 'replace',
    'services.*.depends_on': 'names-to-dependency',
    'services.*.deploy.labels': 'append',
    'services.*.dns': 'append',
    'services.*.dns_opt': 'append',
    'services.*.dns_search': 'append',
    'services.*.entrypoint': 'replace',
    'services.*.env_file': 'append',
    'services.*.label_file': 'append',
    'services.*.environment': 'append',
    'services.*.extra_hosts': 'append-hosts',
    'services.*.healthcheck.test': 'replace',
    'services.*.labels': 'append',
    'services.*.logging': 'logging',
    'services.*.models': 'names-to-null',
    'services.*.networks': 'names-to-null',
    'services.*.provider': 'replace',
    'services.*.sysctls': 'append',
    'services.*.tmpfs': 'append',
    'services.*.ulimits.*': 'ulimit',
    'networks.*.ipam.config': 'ipam',
    'networks.*.labels': 'append',
    'volumes.*.labels': 'append',
    'secrets.*.labels': 'append',
    'configs.*.labels': 'append',
  }),
);

/** What makes two items of a merged list the same one; the later takes the place of the earlier. */
export type Identity =
  /** The text left of `=`. */
  | 'key'
  | 'env-file'
  | 'expose'
  /** The path in the container. */
  | 'target'
  | 'config-target'
  | 'secret-target'
  /** Host address, both ports and protocol: another published port is another item. */
  | 'port';

export const identities: () => Rules<Identity> = lazy(() =>
  rules<Identity>({
    'services.*.annotations': 'key',
    'services.*.build.additional_contexts': 'key',
    'services.*.build.args': 'key',
    'services.*.build.labels': 'key',
    'services.*.build.tags': 'key',
    'services.*.cap_add': 'key',
    'services.*.cap_drop': 'key',
    'services.*.configs': 'config-target',
    'services.*.deploy.labels': 'key',
    'services.*.devices': 'target',
    'services.*.dns': 'key',
    'services.*.dns_opt': 'key',
    'services.*.dns_search': 'key',
    'services.*.env_file': 'env-file',
    'services.*.environment': 'key',
    'services.*.expose': 'expose',
    'services.*.labels': 'key',
    'services.*.links': 'key',
    'services.*.networks.*.aliases': 'key',
    'services.*.networks.*.link_local_ips': 'key',
    'services.*.ports': 'port',
    'services.*.profiles': 'key',
    'services.*.secrets': 'secret-target',
    'services.*.sysctls': 'key',
    'services.*.tmpfs': 'key',
    'services.*.volumes': 'target',
    'networks.*.labels': 'key',
    'volumes.*.labels': 'key',
  }),
);

/** Text to the type an attribute has: what a variable puts in is always text, and quoted numbers are too. */

import type { ScalarValue } from './node.ts';
import { lazy, type Rules, rules } from './rules.ts';

export type Cast = 'boolean' | 'integer' | 'number';

/** The types of attributes whose schema would refuse text. */
export const castRules: () => Rules<Cast> = lazy(() =>
  rules<Cast>({
    'services.*.cpu_count': 'integer',
    'services.*.cpu_percent': 'number',
    'services.*.cpu_period': 'integer',
    'services.*.cpu_quota': 'integer',
    'services.*.cpu_rt_period': 'integer',
    'services.*.cpu_rt_runtime': 'integer',
    'services.*.cpus': 'number',
    'services.*.cpu_shares': 'integer',
    'services.*.init': 'boolean',
    'services.*.attach': 'boolean',
    'services.*.build.no_cache': 'boolean',
    'services.*.build.pull': 'boolean',
    'services.*.build.privileged': 'boolean',
    'services.*.build.ulimits.*': 'integer',
    'services.*.build.ulimits.*.hard': 'integer',
    'services.*.build.ulimits.*.soft': 'integer',
    'services.*.depends_on.*.required': 'boolean',
    'services.*.depends_on.*.restart': 'boolean',
    'services.*.deploy.replicas': 'integer',
    'services.*.deploy.update_config.parallelism': 'integer',
    'services.*.deploy.update_config.max_failure_ratio': 'number',
    'services.*.deploy.rollback_config.parallelism': 'integer',
    'services.*.deploy.rollback_config.max_failure_ratio': 'number',
    'services.*.deploy.restart_policy.max_attempts': 'integer',
    'services.*.deploy.placement.max_replicas_per_node': 'integer',
    'services.*.env_file.[].required': 'boolean',
    'services.*.healthcheck.retries': 'integer',
    'services.*.healthcheck.disable': 'boolean',
    'services.*.networks.*.priority': 'integer',
    'services.*.networks.*.gw_priority': 'integer',
    'services.*.oom_kill_disable': 'boolean',
    'services.*.oom_score_adj': 'integer',
    'services.*.pids_limit': 'integer',
    'services.*.ports.[].target': 'integer',
    'services.*.post_start.[].privileged': 'boolean',
    'services.*.pre_start.[].per_replica': 'boolean',
    'services.*.pre_start.[].privileged': 'boolean',
    'services.*.pre_stop.[].privileged': 'boolean',
    'services.*.privileged': 'boolean',
    'services.*.read_only': 'boolean',
    'services.*.scale': 'integer',
    'services.*.stdin_open': 'boolean',
    'services.*.tty': 'boolean',
    'services.*.ulimits.*': 'integer',
    'services.*.ulimits.*.hard': 'integer',
    'services.*.ulimits.*.soft': 'integer',
    'services.*.use_api_socket': 'boolean',
    'services.*.volumes.[].read_only': 'boolean',
    'services.*.volumes.[].bind.create_host_path': 'boolean',
    'services.*.volumes.[].volume.nocopy': 'boolean',
    'networks.*.external': 'boolean',
    'networks.*.internal': 'boolean',
    'networks.*.attachable': 'boolean',
    'networks.*.enable_ipv4': 'boolean',
    'networks.*.enable_ipv6': 'boolean',
    'volumes.*.external': 'boolean',
    'secrets.*.external': 'boolean',
    'configs.*.external': 'boolean',
  }),
);

export type CastResult =
  | { readonly value: ScalarValue; readonly warning?: string }
  | { readonly problem: string; readonly hint: string };

export function cast(text: string, type: Cast): CastResult {
  switch (type) {
    case 'boolean':
      return castBoolean(text);
    case 'integer':
      return castInteger(text);
    case 'number':
      return castNumber(text);
  }
}

function castBoolean(text: string): CastResult {
  const word = text.toLowerCase();
  const value = yes.includes(word);
  if (!value && !no.includes(word))
    return { problem: `"${text}" is no boolean`, hint: 'write true or false' };
  if (!yaml11.includes(word)) return { value };
  return {
    value,
    warning: `"${text}" for boolean is not supported by YAML 1.2, please use \`${value}\``,
  };
}

const yes = ['true', 'y', 'yes', 'on'];
const no = ['false', 'n', 'no', 'off'];
const yaml11 = ['y', 'yes', 'on', 'n', 'no', 'off'];

function castInteger(text: string): CastResult {
  if (/^[-+]?\d+$/.test(text)) return { value: Number(text) };
  return { problem: `"${text}" is no whole number`, hint: 'write a whole number' };
}

function castNumber(text: string): CastResult {
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text)) return { value: Number(text) };
  return { problem: `"${text}" is no number`, hint: 'write a number such as 0.5' };
}

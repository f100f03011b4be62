/** The printed form of `deploy`, most of which is a cluster's and carried along unused. */
import {
  count,
  duration,
  integer,
  listOf,
  natural,
  number,
  pairs,
  type Shape,
  size,
  struct,
  text,
  texts,
} from './types.ts';

export function deploy(): Shape {
  return struct(() => ({
    mode: text,
    'replicas?': natural,
    labels: pairs,
    'update_config?': updateConfig(),
    'rollback_config?': updateConfig(),
    'resources!': struct(() => ({ 'limits?': resource(), 'reservations?': resource() })),
    'restart_policy?': struct(() => ({
      condition: text,
      'delay?': duration,
      'max_attempts?': natural,
      'window?': duration,
    })),
    'placement!': struct(() => ({
      constraints: texts,
      preferences: listOf(struct(() => ({ spread: text }))),
      max_replicas_per_node: natural,
    })),
    endpoint_mode: text,
  }));
}

function updateConfig(): Shape {
  return struct(() => ({
    'parallelism?': natural,
    delay: duration,
    failure_action: text,
    monitor: duration,
    max_failure_ratio: number,
    order: text,
  }));
}

function resource(): Shape {
  return struct(() => ({
    cpus: number,
    memory: size,
    pids: integer,
    devices: listOf(deviceRequest()),
    generic_resources: listOf(
      struct(() => ({ 'discrete_resource_spec?': struct(() => ({ 'kind!': text, 'value!': integer })) })),
    ),
  }));
}

export function deviceRequest(): Shape {
  return struct(() => ({ capabilities: texts, driver: text, count, device_ids: texts, options: pairs }));
}

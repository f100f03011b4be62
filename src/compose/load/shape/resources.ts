/** The printed form of a whole project and of its top-level resources. */
import { lazy } from '../rules.ts';
import { service } from './service.ts';
import {
  flag,
  integer,
  listOf,
  mapOf,
  pairs,
  raw,
  resourcesOf,
  type Shape,
  type Struct,
  struct,
  text,
  texts,
} from './types.ts';

/** Top-level keys in the order of JSON output; `x-*` follow, sorted among them by the printer. */
export const project: () => Struct = lazy(() =>
  struct(() => ({
    configs: resourcesOf(config()),
    models: mapOf(struct(() => ({ name: text, model: text, context_size: integer, runtime_flags: texts }))),
    name: text,
    networks: resourcesOf(network()),
    secrets: resourcesOf(secret()),
    services: mapOf(service()),
    volumes: resourcesOf(
      struct(() => ({ name: text, driver: text, driver_opts: pairs, external: flag, labels: pairs })),
    ),
    'include-': listOf(struct(() => ({ path: texts, project_directory: text, env_file: texts }))),
    'version-': raw,
  })),
);

function network(): Shape {
  return struct(() => ({
    name: text,
    driver: text,
    driver_opts: pairs,
    'ipam!': struct(() => ({
      driver: text,
      config: listOf(struct(() => ({ subnet: text, gateway: text, ip_range: text, aux_addresses: pairs }))),
      'options-': pairs,
    })),
    external: flag,
    internal: flag,
    attachable: flag,
    labels: pairs,
    'enable_ipv4?': flag,
    'enable_ipv6?': flag,
  }));
}

function secret(): Shape {
  return struct(() => ({
    name: text,
    file: text,
    environment: text,
    external: flag,
    labels: pairs,
    driver: text,
    driver_opts: pairs,
    template_driver: text,
  }));
}

function config(): Shape {
  return struct(() => ({
    name: text,
    file: text,
    environment: text,
    // An empty one is one: what is printed must load again.
    'content?': text,
    external: flag,
    labels: pairs,
    template_driver: text,
  }));
}

/** The printed form of a service: every key, its type, in the order in which `config` prints it. */
import { lazy } from '../rules.ts';
import { deploy, deviceRequest } from './deploy.ts';
import {
  command,
  duration,
  flag,
  healthtest,
  hosts,
  integer,
  keys,
  listOf,
  mapOf,
  mode,
  natural,
  number,
  pairs,
  type Shape,
  type Struct,
  size,
  struct,
  structOf,
  text,
  texts,
  ulimit,
  variables,
} from './types.ts';

export const service: () => Struct = lazy(() =>
  struct(() => ({
    profiles: texts,
    annotations: pairs,
    'attach?': flag,
    build: build(),
    develop: struct(() => ({ watch: listOf(watchRule()) })),
    blkio_config: blkio(),
    cap_add: texts,
    cap_drop: texts,
    cgroup_parent: text,
    cgroup: text,
    cpu_count: integer,
    cpu_percent: number,
    cpu_period: integer,
    cpu_quota: integer,
    cpu_rt_period: integer,
    cpu_rt_runtime: integer,
    cpus: number,
    cpuset: text,
    cpu_shares: integer,
    'command!': command,
    configs: listOf(fileMount()),
    container_name: text,
    credential_spec: struct(() => ({ config: text, file: text, registry: text })),
    depends_on: mapOf(struct(() => ({ condition: text, restart: flag, 'required!': flag }))),
    deploy: deploy(),
    device_cgroup_rules: texts,
    devices: listOf(struct(() => ({ source: text, target: text, permissions: text }))),
    dns: texts,
    dns_opt: texts,
    dns_search: texts,
    domainname: text,
    'entrypoint!': command,
    provider: struct(() => ({ type: text, options: mapOf(texts) })),
    environment: variables,
    env_file: listOf(struct(() => ({ path: text, 'required!': flag, format: text }))),
    expose: texts,
    extends: struct(() => ({ file: text, service: text })),
    external_links: texts,
    extra_hosts: hosts,
    group_add: texts,
    gpus: listOf(deviceRequest()),
    hostname: text,
    healthcheck: struct(() => ({
      test: healthtest,
      'timeout?': duration,
      'interval?': duration,
      'retries?': natural,
      'start_period?': duration,
      'start_interval?': duration,
      disable: flag,
    })),
    image: text,
    'init?': flag,
    ipc: text,
    isolation: text,
    labels: pairs,
    label_file: texts,
    links: texts,
    logging: struct(() => ({ driver: text, options: pairs })),
    mem_limit: size,
    mem_reservation: size,
    memswap_limit: size,
    mem_swappiness: size,
    mac_address: text,
    models: mapOf(struct(() => ({ endpoint_var: text, model_var: text }))),
    network_mode: text,
    networks: mapOf(attachment()),
    oom_kill_disable: flag,
    oom_score_adj: integer,
    pid: text,
    pids_limit: integer,
    platform: text,
    ports: listOf(
      struct(() => ({
        name: text,
        mode: text,
        host_ip: text,
        target: integer,
        published: text,
        protocol: text,
        app_protocol: text,
      })),
    ),
    privileged: flag,
    pull_policy: text,
    pull_refresh_after: text,
    read_only: flag,
    restart: text,
    runtime: text,
    'scale?': natural,
    secrets: listOf(fileMount()),
    security_opt: texts,
    shm_size: size,
    stdin_open: flag,
    'stop_grace_period?': duration,
    stop_signal: text,
    storage_opt: pairs,
    sysctls: pairs,
    tmpfs: texts,
    tty: flag,
    ulimits: mapOf(ulimit),
    use_api_socket: flag,
    user: text,
    userns_mode: text,
    uts: text,
    volumes: listOf(mount()),
    volumes_from: texts,
    working_dir: text,
    pre_start: listOf(preStart()),
    post_start: listOf(hook()),
    pre_stop: listOf(hook()),
  })),
);

function build(): Shape {
  return struct(() => ({
    context: text,
    dockerfile: text,
    dockerfile_inline: text,
    entitlements: texts,
    args: variables,
    provenance: text,
    sbom: text,
    ssh: keys,
    labels: pairs,
    cache_from: texts,
    cache_to: texts,
    no_cache: flag,
    no_cache_filter: texts,
    additional_contexts: pairs,
    pull: flag,
    extra_hosts: hosts,
    isolation: text,
    network: text,
    target: text,
    secrets: listOf(fileMount()),
    shm_size: size,
    tags: texts,
    ulimits: mapOf(ulimit),
    platforms: texts,
    privileged: flag,
  }));
}

function fileMount(): Shape {
  return struct(() => ({ source: text, target: text, uid: text, gid: text, 'mode?': mode }));
}

function attachment(): Shape {
  return struct(() => ({
    aliases: texts,
    driver_opts: pairs,
    gw_priority: integer,
    interface_name: text,
    ipv4_address: text,
    ipv6_address: text,
    link_local_ips: texts,
    mac_address: text,
    priority: integer,
  }));
}

function mount(): Shape {
  return struct(() => ({
    type: text,
    source: text,
    target: text,
    read_only: flag,
    consistency: text,
    'bind?': struct(() => ({ selinux: text, propagation: text, 'create_host_path?': flag, recursive: text })),
    'volume?': struct(() => ({ labels: pairs, nocopy: flag, subpath: text })),
    'tmpfs?': struct(() => ({ size, mode: integer })),
    'image?': struct(() => ({ subpath: text })),
  }));
}

function watchRule(): Shape {
  return struct(() => ({
    path: text,
    action: text,
    target: text,
    'exec!': struct(
      () => ({
        'command!': command,
        user: text,
        privileged: flag,
        working_dir: text,
        environment: variables,
      }),
      'command',
    ),
    include: texts,
    ignore: texts,
    initial_sync: flag,
  }));
}

function hook(): Shape {
  return struct(() => ({ command, user: text, privileged: flag, working_dir: text, environment: variables }));
}

function preStart(): Shape {
  return struct(() => ({
    command,
    image: text,
    per_replica: flag,
    user: text,
    privileged: flag,
    working_dir: text,
    environment: variables,
  }));
}

function blkio(): Shape {
  // The reference prints these two levels with capitals.
  const rate = (key: string, shape: Shape): Shape =>
    structOf(() => [
      { key: 'path', shape: text, omit: 'never', printed: 'Path' },
      { key, shape, omit: 'never', printed: key === 'rate' ? 'Rate' : 'Weight' },
    ]);
  return struct(() => ({
    weight: integer,
    weight_device: listOf(rate('weight', integer)),
    device_read_bps: listOf(rate('rate', size)),
    device_read_iops: listOf(rate('rate', size)),
    device_write_bps: listOf(rate('rate', size)),
    device_write_iops: listOf(rate('rate', size)),
  }));
}

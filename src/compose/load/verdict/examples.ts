/** How values are written, for hints: by path. */
import { lazy, type Rules, rules, step, stepItem } from '../rules.ts';

const examples: () => Rules<string> = lazy(() =>
  rules({
    services: '{web: {image: nginx}}',
    'services.*': '{image: nginx}',
    'services.*.build': '. or {context: .}',
    'services.*.command': 'npm start or [npm, start]',
    'services.*.configs': '[name]',
    'services.*.depends_on': '[db] or {db: {condition: service_healthy}}',
    'services.*.depends_on.*': '{condition: service_started}',
    'services.*.deploy': '{replicas: 2}',
    'services.*.deploy.resources': '{limits: {memory: 256m}}',
    'services.*.deploy.resources.limits': '{cpus: 0.5, memory: 256m}',
    'services.*.develop.watch': '[{path: ., action: rebuild}]',
    'services.*.devices': '["/dev/fuse:/dev/fuse"]',
    'services.*.entrypoint': './start.sh or [./start.sh, --now]',
    'services.*.environment': '{NAME: value} or [NAME=value]',
    'services.*.healthcheck': '{test: [CMD, curl, localhost], interval: 10s}',
    'services.*.labels': '{name: value} or [name=value]',
    'services.*.logging': '{driver: json-file, options: {max-size: 10m}}',
    'services.*.logging.options': '{max-size: 10m}',
    'services.*.networks': '[front] or {front: {aliases: [web]}}',
    'services.*.networks.*': '{aliases: [web]}',
    'services.*.ports': '["8080:80"]',
    'services.*.ports.[]': '"8080:80" or {target: 80, published: 8080}',
    'services.*.secrets': '[name]',
    'services.*.ulimits': '{nofile: 1024}',
    'services.*.volumes': '["./data:/data"]',
    'services.*.volumes.[]': '"./data:/data" or {type: bind, source: ./data, target: /data}',
    networks: '{front: {}}',
    'networks.*.ipam': '{config: [{subnet: 10.1.0.0/24}]}',
    'networks.*.ipam.config': '[{subnet: 10.1.0.0/24}]',
    volumes: '{data: {}}',
    secrets: '{name: {file: ./secret.txt}}',
    configs: '{name: {file: ./config.txt}}',
    include: '[other.yaml]',
  }),
);

/** What stands between the two halves of an item, where a mapping of one to the other was written instead. */
const separators: () => Rules<string> = lazy(() =>
  rules({
    'services.*.ports': ':',
    'services.*.volumes': ':',
    'services.*.devices': ':',
    'services.*.environment': '=',
    'services.*.labels': '=',
    'services.*.build.args': '=',
    'services.*.tmpfs': ':',
  }),
);

/** The key that a single value in the place of a mapping is meant for. */
const mainKeys: () => Rules<string> = lazy(() =>
  rules({
    'services.*': 'image',
    'services.*.depends_on.*': 'condition',
    'services.*.deploy': 'replicas',
    'services.*.healthcheck': 'test',
    'services.*.logging': 'driver',
    'networks.*': 'driver',
    'volumes.*': 'driver',
    'secrets.*': 'file',
    'configs.*': 'file',
  }),
);

export function exampleAt(keys: readonly string[]): string | undefined {
  return at(examples(), keys);
}

export function separatorAt(keys: readonly string[]): string | undefined {
  return at(separators(), keys);
}

export function mainKeyAt(keys: readonly string[]): string | undefined {
  return at(mainKeys(), keys);
}

/** What the table says of the place that these keys lead to. */
export function at<T>(table: Rules<T>, keys: readonly string[]): T | undefined {
  let found: Rules<T> | undefined = table;
  for (const key of keys) found = key === '[]' ? stepItem(found) : step(found, key);
  return found?.value;
}

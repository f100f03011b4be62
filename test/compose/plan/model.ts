/** Projects and machines for planning tests, written as briefly as a compose file. */
import type {
  Dependency,
  Json,
  Network,
  NetworkAttachment,
  Project,
  Service,
  Volume,
} from '../../../src/compose/model/project.ts';
import type { Command, RunCommand, UpCommand } from '../../../src/compose/plan/command.ts';
import { type PlanInput, plan, printPlan } from '../../../src/compose/plan/index.ts';
import type { Observed } from '../../../src/compose/plan/observed.ts';
import type { SourceRange } from '../../../src/errors.ts';

type Sparse<T> = { readonly [K in keyof T]?: T[K] };

export interface ProjectSketch {
  readonly services: Readonly<Record<string, Sparse<Service>>>;
  readonly disabledServices?: Readonly<Record<string, Sparse<Service>>>;
  readonly networks?: Readonly<Record<string, Sparse<Network>>>;
  readonly volumes?: Readonly<Record<string, Sparse<Volume>>>;
  readonly secrets?: Project['secrets'];
  readonly configs?: Project['configs'];
  readonly envFiles?: readonly string[];
  readonly positions?: Readonly<Record<string, SourceRange>>;
}

/** A project named `shop`. Every service runs the image `app` on the network `default` unless it says otherwise. */
export function project(sketch: ProjectSketch): Project {
  return {
    name: 'shop',
    workingDir: '/srv/shop',
    configFiles: ['/srv/shop/compose.yaml'],
    envFiles: sketch.envFiles ?? [],
    services: mapValues(sketch.services, service),
    disabledServices: mapValues(sketch.disabledServices ?? {}, service),
    networks: mapValues({ default: {}, ...sketch.networks }, network),
    volumes: mapValues(sketch.volumes ?? {}, volume),
    secrets: sketch.secrets ?? {},
    configs: sketch.configs ?? {},
    profiles: [],
    canonical: {},
    positions: sketch.positions ?? {},
  };
}

export function dependency(
  condition: Dependency['condition'] = 'service_started',
  rest: Sparse<Dependency> = {},
): Dependency {
  return { condition, required: true, restart: false, ...rest };
}

export const healthy = dependency('service_healthy');
export const completed = dependency('service_completed_successfully');

export function attached(rest: Sparse<NetworkAttachment> = {}): NetworkAttachment {
  return { aliases: [], ...rest };
}

/** A machine on which only the images are. */
export const empty: Observed = {
  containers: [],
  networks: [],
  volumes: [],
  images: { app: 'sha256:app' },
  imageAgesMs: {},
  fileDigests: {},
  foreignContainers: {},
  cgroupVersion: 1,
};

export function up(rest: Sparse<UpCommand> = {}): UpCommand {
  return {
    kind: 'up',
    services: [],
    recreate: 'diverged',
    recreateDependencies: false,
    noDeps: false,
    start: true,
    wait: false,
    removeOrphans: false,
    ignoreOrphans: false,
    scale: {},
    renewAnonymousVolumes: false,
    ...rest,
  };
}

export function down(
  rest: Sparse<Extract<Command, { kind: 'down' }>> = {},
): Extract<Command, { kind: 'down' }> {
  return { kind: 'down', services: [], volumes: false, removeOrphans: false, ...rest };
}

export function run(
  service: string,
  overrides: Sparse<RunCommand['overrides']> = {},
  rest: Sparse<RunCommand> = {},
): RunCommand {
  return {
    kind: 'run',
    service,
    noDeps: false,
    removeOrphans: false,
    slug: '0123456789ab',
    overrides: {
      environment: {},
      labels: {},
      mounts: [],
      ports: [],
      servicePorts: false,
      useAliases: false,
      tty: true,
      stdinOpen: true,
      autoRemove: false,
      capAdd: [],
      capDrop: [],
      ...overrides,
    },
    ...rest,
  };
}

/** The plan's whole text, with a line break before and after so that it stands by itself in a test. */
export function planText(input: Omit<PlanInput, 'projectName'>): string {
  return `\n${printPlan(plan({ projectName: 'shop', ...input }))}\n`;
}

function service(name: string, sketch: Sparse<Service>): Service {
  return {
    ...(sketch.build === undefined ? { image: 'app' } : {}),
    environment: {},
    groupAdd: [],
    labels: {},
    annotations: {},
    ports: [],
    expose: [],
    mounts: [],
    networks: sketch.networkMode ? {} : { default: attached() },
    dependsOn: {},
    links: {},
    restart: { kind: 'no' },
    init: false,
    tty: false,
    stdinOpen: false,
    readOnly: false,
    privileged: false,
    capAdd: [],
    capDrop: [],
    securityOpt: [],
    ulimits: {},
    sysctls: {},
    extraHosts: [],
    dns: [],
    dnsSearch: [],
    dnsOptions: [],
    devices: [],
    resources: {},
    secrets: [],
    configs: [],
    profiles: [],
    scale: 1,
    attach: true,
    canonical: canonical(sketch),
    ...sketch,
    name,
  };
}

/** As `config` would print it, as far as the planner can tell: `scale` and `dependsOn` under the names they have there. */
function canonical(sketch: Sparse<Service>): Service['canonical'] {
  const { dependsOn, pullPolicy, ...rest } = sketch;
  const renamed = { ...rest, depends_on: dependsOn, pull_policy: pullPolicy };
  return JSON.parse(JSON.stringify(renamed)) as { readonly [key: string]: Json };
}

function network(key: string, sketch: Sparse<Network>): Network {
  return {
    name: `shop_${key}`,
    external: false,
    driver: 'bridge',
    driverOptions: {},
    internal: false,
    attachable: false,
    enableIpv4: true,
    enableIpv6: false,
    labels: {},
    ipam: { config: [] },
    ...sketch,
  };
}

function volume(key: string, sketch: Sparse<Volume>): Volume {
  return { name: `shop_${key}`, external: false, driver: 'local', driverOptions: {}, labels: {}, ...sketch };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (key: string, value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(key, value)]));
}

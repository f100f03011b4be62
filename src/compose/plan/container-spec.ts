/** From a service and a replica's number to everything the engine must know of that container. */
import { ComposeError } from '../../errors.ts';
import type { FileMount, Mount, NamespaceMode, Project, Service } from '../model/project.ts';
import { problemAt } from './blame.ts';
import { endpoints, networkMode } from './endpoints.ts';
import { effective, type FileDigests } from './hash.ts';
import { containerLabels } from './labels.ts';
import { containerName, imageName } from './naming.ts';
import type { ContainerSpec, FileSpec, MountSpec } from './plan.ts';
import { pick, present } from './present.ts';

export interface SpecContext {
  /** The project's name; absent: what the project says of itself. */
  readonly projectName?: string | undefined;
  /** The container that stands for a service whose namespace is joined; absent: its first replica by name. */
  readonly joined?: ((service: string) => string) | undefined;
  /** Id of the image, when it is stored already. */
  readonly imageId?: string | undefined;
  /** Of the files that its configs and secrets are taken from. */
  readonly fileDigests?: FileDigests | undefined;
  /** Name of the container that is replaced. */
  readonly replaces?: string | undefined;
}

/** What a container takes from its service as it is. */
const carried = [
  'platform',
  'command',
  'entrypoint',
  'environment',
  'workingDir',
  'user',
  'groupAdd',
  'hostname',
  'domainname',
  'annotations',
  'expose',
  'uts',
  'healthcheck',
  'restart',
  'stopSignal',
  'stopGracePeriodMs',
  'init',
  'tty',
  'stdinOpen',
  'readOnly',
  'privileged',
  'capAdd',
  'capDrop',
  'securityOpt',
  'ulimits',
  'sysctls',
  'extraHosts',
  'dns',
  'dnsSearch',
  'dnsOptions',
  'devices',
  'shmSizeBytes',
  'resources',
  'logging',
] as const satisfies readonly (keyof Service & keyof ContainerSpec)[];

/**
 * The container of a service's replica.
 * @throws ComposeError `COMPOSE_EXTERNAL_UNSUPPORTED` for a secret or config that lives outside the project
 */
export function containerSpec(
  project: Project,
  service: Service,
  number: number,
  context: SpecContext = {},
): ContainerSpec {
  const projectName = context.projectName ?? project.name;
  const name = containerName(projectName, service, number);
  return {
    ...sharedSpec(project, service, context),
    name,
    number,
    oneOff: false,
    labels: containerLabels(project, service, projectName, { replica: { number }, ...context }),
    networks: endpoints(project, service, { containerName: name, answersToService: true }),
    autoRemove: false,
    asked: effective(service.canonical),
  };
}

/** The part that replicas and one-offs of a service have in common. */
export function sharedSpec(
  project: Project,
  service: Service,
  context: SpecContext,
): Omit<ContainerSpec, 'name' | 'number' | 'oneOff' | 'labels' | 'networks' | 'autoRemove' | 'asked'> {
  const projectName = context.projectName ?? project.name;
  const joined = context.joined ?? ((target) => firstReplicaName(project, projectName, target));
  const mode = networkMode(project, service, joined);
  return {
    ...pick(service, carried),
    // The host's own ports need no publishing, and without a network there is nothing to reach.
    ports: mode.kind === 'host' || mode.kind === 'none' ? [] : service.ports,
    project: projectName,
    service: service.name,
    image: imageName(projectName, service),
    mounts: service.mounts.map((mount) => mountSpec(project, mount)),
    networkMode: mode,
    ...present({ pid: namespace(service.pid, joined), ipc: namespace(service.ipc, joined) }),
    files: [
      ...service.secrets.map((mount) => fileSpec(project, service, 'secrets', mount)),
      ...service.configs.map((mount) => fileSpec(project, service, 'configs', mount)),
    ],
  };
}

/** With the volume's real name. A name that the project does not declare stands for itself (`run -v name:/path`). */
export function mountSpec(project: Project, mount: Mount): MountSpec {
  if (mount.type !== 'volume') return mount;
  const { source, ...rest } = mount;
  return source === undefined ? rest : { ...rest, name: project.volumes[source]?.name ?? source };
}

function namespace(
  mode: NamespaceMode | undefined,
  joined: (service: string) => string,
): Exclude<NamespaceMode, { kind: 'service' }> | undefined {
  return mode?.kind === 'service' ? { kind: 'container', container: joined(mode.service) } : mode;
}

function fileSpec(
  project: Project,
  service: Service,
  section: 'secrets' | 'configs',
  mount: FileMount,
): FileSpec {
  const object = project[section][mount.source];
  if (!object) throw new Error(`${section}.${mount.source} is used and not defined`);
  const place = pick(mount, ['target', 'uid', 'gid', 'mode']);
  switch (object.kind) {
    case 'file':
      return { ...place, kind: 'bind', source: object.file };
    case 'environment':
    case 'content':
      return { ...place, kind: 'content', content: object.content };
    case 'external':
      throw new ComposeError([
        problemAt(project, `${section}.${mount.source}`, {
          code: 'COMPOSE_EXTERNAL_UNSUPPORTED',
          message: `service "${service.name}" uses "${mount.source}", and external ${section} are kept nowhere on this machine`,
          hint: 'give it a `file` or an `environment` variable',
        }),
      ]);
  }
}

function firstReplicaName(project: Project, projectName: string, target: string): string {
  const service = project.services[target] ?? project.disabledServices[target];
  if (!service) throw new Error(`service ${target} is joined and not defined`);
  return containerName(projectName, service, 1);
}

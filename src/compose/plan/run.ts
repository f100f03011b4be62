/** `run`: what the service depends on gets up, then one container beside its replicas is made for one command. */
import type { Mount, Project, Service } from '../model/project.ts';
import { planBuilder } from './builder.ts';
import type { RunCommand, UpCommand } from './command.ts';
import { type SpecContext, sharedSpec } from './container-spec.ts';
import { endpoints } from './endpoints.ts';
import { containerLabels } from './labels.ts';
import { imageName, oneOffName } from './naming.ts';
import type { ContainerSpec, Plan } from './plan.ts';
import { standIn } from './replicas.ts';
import { selectServices } from './selection.ts';
import { topologyOf } from './topology.ts';
import { bringUp, type ProjectInput } from './up.ts';

/**
 * The one-off is made when its dependencies are as it wants them, and not started: the client attaches first.
 * @throws TscomposeError `NO_SUCH_SERVICE`, `NO_CONTAINER`
 * @throws ComposeError as `up` does
 */
export function planRun(input: ProjectInput, command: RunCommand): Plan {
  const { project, projectName, observed } = input;
  const builder = planBuilder(projectName);
  const topology = topologyOf(project, observed);
  const selected = selectServices(project, topology, {
    names: [command.service],
    withDependencies: !command.noDeps,
  });
  const service = withOverrides(project, command);
  const dependencies = selected.services.filter(({ name }) => name !== service.name);
  const { resources, replicas, started } = bringUp(builder, {
    ...input,
    topology,
    command: upOf(command),
    selection: { services: dependencies, targeted: new Set() },
    guests: [service],
  });
  const container = oneOffSpec(project, service, command, {
    projectName,
    imageId: resources.images.has(service.name)
      ? undefined
      : observed.images[imageName(projectName, service)],
    joined: (target) => standIn(project, observed, service.name, target, replicas).name,
    fileDigests: observed.fileDigests,
  });
  builder.add(
    `create:${service.name}-run-${command.slug}`,
    { kind: 'CreateContainer', container },
    'one-off',
    [...resources.of(service), ...(started?.ready(service.name) ?? [])],
  );
  return builder.finish();
}

/** How `run` treats dependencies: as a plain `up` would. */
function upOf({ removeOrphans, ignoreOrphans = false, pull, build }: RunCommand): UpCommand {
  return {
    kind: 'up',
    services: [],
    recreate: 'diverged',
    recreateDependencies: false,
    noDeps: false,
    start: true,
    wait: false,
    removeOrphans,
    ignoreOrphans,
    scale: {},
    renewAnonymousVolumes: false,
    ...(pull === undefined ? {} : { pull }),
    ...(build === undefined ? {} : { build }),
  };
}

/** The service as the one-off sees it. A mount takes the place of the service's own at the same target. */
function withOverrides(project: Project, { service: name, overrides }: RunCommand): Service {
  const service = (project.services[name] ?? project.disabledServices[name])!;
  const targets = new Set(overrides.mounts.map(({ target }) => target));
  const kept: readonly Mount[] = service.mounts.filter(({ target }) => !targets.has(target));
  return {
    ...service,
    environment: { ...service.environment, ...overrides.environment },
    labels: { ...service.labels, ...overrides.labels },
    mounts: [...kept, ...overrides.mounts],
    ports: [...(overrides.servicePorts ? service.ports : []), ...overrides.ports],
    tty: overrides.tty,
    stdinOpen: overrides.stdinOpen,
    capAdd: [...new Set([...service.capAdd, ...overrides.capAdd])],
    capDrop: [...new Set([...service.capDrop, ...overrides.capDrop])],
    restart: { kind: 'no' },
    ...(overrides.entrypoint === undefined ? {} : { entrypoint: overrides.entrypoint, command: [] }),
    ...(overrides.command === undefined ? {} : { command: overrides.command }),
    ...(overrides.user === undefined ? {} : { user: overrides.user }),
    ...(overrides.workingDir === undefined ? {} : { workingDir: overrides.workingDir }),
  };
}

function oneOffSpec(
  project: Project,
  service: Service,
  { slug, overrides }: RunCommand,
  context: SpecContext & { readonly projectName: string },
): ContainerSpec {
  const name = overrides.name ?? oneOffName(context.projectName, service.name, slug);
  return {
    ...sharedSpec(project, service, context),
    name,
    number: 0,
    oneOff: true,
    labels: containerLabels(project, service, context.projectName, { replica: { slug }, ...context }),
    networks: endpoints(project, service, { containerName: name, answersToService: overrides.useAliases }),
    autoRemove: overrides.autoRemove,
  };
}

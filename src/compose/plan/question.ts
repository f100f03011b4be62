/** What the machine is asked before a command is planned. */
import type { Project, Service } from '../model/project.ts';
import type { Command } from './command.ts';
import { imageName } from './naming.ts';
import type { ObserveQuestion } from './observed.ts';
import { joinedModes } from './replicas.ts';

export interface Question {
  readonly project?: Project | undefined;
  readonly projectName: string;
  readonly command: Command;
}

/** Everything the project names; services that are held back count too, because a command may name them. */
export function questionFor({ project, projectName, command }: Question): ObserveQuestion {
  const services: readonly Service[] = project
    ? [...Object.values(project.services), ...Object.values(project.disabledServices)]
    : [];
  return {
    project: projectName,
    images: asksForImages(command) ? unique(services.map((service) => imageName(projectName, service))) : [],
    networks: unique(Object.values(project?.networks ?? {}).map(({ name }) => name)),
    volumes: unique([
      ...Object.values(project?.volumes ?? {}).map(({ name }) => name),
      ...volumesOfRun(project, command),
    ]),
    containers: unique(
      services.flatMap(joinedModes).flatMap((mode) => (mode.kind === 'container' ? [mode.container] : [])),
    ),
    files: project && creatingCommands.has(command.kind) ? unique(sourceFiles(project, services)) : [],
  };
}

function asksForImages(command: Command): boolean {
  return command.kind === 'down' ? command.images !== undefined : imageCommands.has(command.kind);
}

const imageCommands: ReadonlySet<Command['kind']> = new Set(['up', 'run', 'pull']);

const creatingCommands: ReadonlySet<Command['kind']> = new Set(['up', 'run']);

function sourceFiles({ configs, secrets }: Project, services: readonly Service[]): readonly string[] {
  const used = services.flatMap((service) => [
    ...service.configs.map(({ source }) => configs[source]),
    ...service.secrets.map(({ source }) => secrets[source]),
  ]);
  return used.flatMap((object) => (object?.kind === 'file' ? [object.file] : []));
}

/** `run -v name:/path` may name a volume that the project does not declare. */
function volumesOfRun(project: Project | undefined, command: Command): readonly string[] {
  if (command.kind !== 'run') return [];
  return command.overrides.mounts.flatMap((mount) =>
    mount.type === 'volume' && mount.source !== undefined && !(mount.source in (project?.volumes ?? {}))
      ? [mount.source]
      : [],
  );
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

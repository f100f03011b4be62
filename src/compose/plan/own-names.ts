/** `network_mode: container:x`, where x is what the project itself calls a container of a service of its own. */
import type { Dependency, NamespaceMode, Project, Service } from '../model/project.ts';
import { containerName } from './naming.ts';
import { present } from './present.ts';

/**
 * The project with such modes turned into `service:x`, and the dependency that this implies: the joined container is
 * then made and started first, and what joins it follows when it is replaced.
 */
export function withOwnNames(project: Project, projectName: string): Project {
  const owners = new Map(
    Object.values(project.services).map((service) => [containerName(projectName, service, 1), service.name]),
  );
  const services = Object.entries(project.services).map(([name, service]) => [
    name,
    resolve(service, owners),
  ]);
  return { ...project, services: Object.fromEntries(services) };
}

function resolve(service: Service, owners: ReadonlyMap<string, string>): Service {
  const modes = [service.networkMode, service.pid, service.ipc];
  const joined = modes.flatMap((mode) => (mode && ownerOf(mode, owners)) ?? []);
  if (joined.length === 0) return service;
  const implied: Dependency = { condition: 'service_started', required: true, restart: true };
  const own = (mode: NamespaceMode | undefined): NamespaceMode | undefined => {
    const owner = mode && ownerOf(mode, owners);
    return owner === undefined ? mode : { kind: 'service', service: owner };
  };
  return {
    ...service,
    ...present({
      networkMode: own(service.networkMode),
      pid: own(service.pid),
      ipc: own(service.ipc),
    }),
    dependsOn: { ...Object.fromEntries(joined.map((name) => [name, implied])), ...service.dependsOn },
  };
}

function ownerOf(mode: NamespaceMode, owners: ReadonlyMap<string, string>): string | undefined {
  return mode.kind === 'container' ? owners.get(mode.container) : undefined;
}

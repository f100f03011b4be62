/** Docker Compose's names of containers and images, and the short names that node ids are made of. */
import type { Service } from '../model/project.ts';
import { label } from './labels.ts';
import type { ObservedContainer } from './observed.ts';

/** `<project>-<service>-<number>`, or what `container_name` says. */
export function containerName(projectName: string, service: Service, number: number): string {
  return service.containerName ?? `${projectName}-${service.name}-${number}`;
}

/** The reference a service runs: its `image`, or the name that its build is given. */
export function imageName(projectName: string, service: Service): string {
  return service.image ?? `${projectName}-${service.name}`;
}

export function oneOffName(projectName: string, service: string, slug: string): string {
  return `${projectName}-${service}-run-${slug}`;
}

/** How a replica is called in node ids: `web-1`. */
export function replicaHandle(service: string, number: number): string {
  return `${service}-${number}`;
}

/**
 * How each observed container is called in node ids, by container id. Two containers of one service and number
 * (nothing of ours makes them, but labels can be set by hand) and renamed one-offs go by their name behind a colon,
 * which no service name contains.
 */
export function observedHandles(containers: readonly ObservedContainer[]): ReadonlyMap<string, string> {
  const handles = new Map<string, string>();
  const taken = new Set<string>();
  for (const container of containers) {
    const handle = familiarHandle(container);
    const unique = handle === undefined || taken.has(handle) ? `:${container.name}` : handle;
    taken.add(unique);
    handles.set(container.id, unique);
  }
  return handles;
}

function familiarHandle(container: ObservedContainer): string | undefined {
  if (!container.oneOff) return replicaHandle(container.service, container.number);
  const slug = container.labels[label.slug];
  return slug === undefined ? undefined : `${container.service}-run-${slug}`;
}

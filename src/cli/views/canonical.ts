/** Choosing from a project's canonical form. */
import type { Json, Project } from '../../compose/model/project.ts';

type Tree = { readonly [key: string]: Json };

/** Names of the services, each after those it depends on. */
export function inDependencyOrder(project: Project): string[] {
  const done = new Set<string>();
  const visit = (name: string): void => {
    const service = project.services[name];
    if (service === undefined || done.has(name)) return;
    // A cycle was refused by the loader, or let through on request: each name is visited once all the same.
    done.add(name);
    for (const dependency of Object.keys(service.dependsOn)) visit(dependency);
    done.delete(name);
    done.add(name);
  };
  for (const name of Object.keys(project.services)) visit(name);
  return [...done];
}

/** The part of the form that the services need: they, their dependencies, and what these refer to. */
export function restrictTo(canonical: Tree, names: readonly string[]): Tree {
  const services = mapOf(canonical.services);
  const kept = new Set<string>();
  const visit = (name: string): void => {
    const service = services[name];
    if (kept.has(name) || service === undefined) return;
    kept.add(name);
    for (const dependency of Object.keys(mapOf(mapOf(service).depends_on))) visit(dependency);
  };
  for (const name of names) visit(name);
  const chosen = pick(services, kept);
  const result: Record<string, Json> = { ...canonical, services: chosen };
  for (const [section, used] of Object.entries(usedBy(Object.values(chosen).map(mapOf)))) {
    const rest = pick(mapOf(canonical[section]), used);
    if (Object.keys(rest).length > 0) result[section] = rest;
    else delete result[section];
  }
  return result;
}

/** What the services name as their images, each once. */
export function imagesOf(canonical: Tree): ReadonlySet<string> {
  return new Set(Object.values(mapOf(canonical.services)).flatMap((service) => imageOf(service) ?? []));
}

/** Every image by the name that `pins` has for it. */
export function withImages(canonical: Tree, pins: ReadonlyMap<string, string>): Tree {
  return mapServices(canonical, (service, image) =>
    image === undefined ? service : { ...service, image: pins.get(image) ?? image },
  );
}

/** Nothing but the images: a file to lay over the project's own. */
export function onlyImages(canonical: Tree, pins: ReadonlyMap<string, string>): Tree {
  const { services = {} } = mapServices(canonical, (_, image) =>
    image === undefined ? {} : { image: pins.get(image) ?? image },
  );
  const named = Object.entries(mapOf(services)).filter(([, service]) => imageOf(service) !== undefined);
  return { services: Object.fromEntries(named) };
}

function mapServices(canonical: Tree, change: (service: Tree, image: string | undefined) => Tree): Tree {
  const services = Object.entries(mapOf(canonical.services)).map(
    ([name, service]) => [name, change(mapOf(service), imageOf(service))] as const,
  );
  return { ...canonical, services: Object.fromEntries(services) };
}

function imageOf(service: Json): string | undefined {
  const { image } = mapOf(service);
  return typeof image === 'string' ? image : undefined;
}

function usedBy(
  services: readonly Tree[],
): Record<'networks' | 'volumes' | 'secrets' | 'configs', Set<string>> {
  const sources = (section: string): Set<string> =>
    new Set(
      services.flatMap((service) =>
        listOf(service[section]).flatMap((item) => {
          const { source } = mapOf(item);
          return typeof source === 'string' ? [source] : [];
        }),
      ),
    );
  return {
    networks: new Set(services.flatMap((service) => Object.keys(mapOf(service.networks)))),
    volumes: sources('volumes'),
    secrets: sources('secrets'),
    configs: sources('configs'),
  };
}

function pick(tree: Tree, names: ReadonlySet<string>): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => names.has(name)));
}

function mapOf(value: Json | undefined): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Choosing from a project's canonical form. */
import type { Json, Project } from '../../compose/model/project.ts';

type Tree = { readonly [key: string]: Json };

/** Names of the services, each after those it depends on. Chains may be long, so the stack is not the language's. */
export function inDependencyOrder(project: Project): string[] {
  const order: string[] = [];
  const begun = new Set<string>();
  const path: { readonly name: string; readonly waitsFor: string[] }[] = [];
  const begin = (name: string): void => {
    const service = project.services[name];
    // A cycle was refused by the loader, or let through on request: each name is visited once all the same.
    if (service === undefined || begun.has(name)) return;
    begun.add(name);
    path.push({ name, waitsFor: Object.keys(service.dependsOn).reverse() });
  };
  for (const name of Object.keys(project.services)) {
    begin(name);
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const next = last.waitsFor.pop();
      if (next !== undefined) begin(next);
      else order.push(path.pop()!.name);
    }
  }
  return order;
}

/** The part of the form that the services need: they, their dependencies, and what these refer to. */
export function restrictTo(canonical: Tree, names: readonly string[]): Tree {
  const services = mapOf(canonical.services);
  const kept = new Set(names);
  // A set that grows while it is walked is walked to its new end.
  for (const name of kept)
    for (const dependency of Object.keys(mapOf(mapOf(services[name]).depends_on))) kept.add(dependency);
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

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

/**
 * Links as names on the network. A link `db:database` of one service becomes the alias `database` of `db`,
 * on the networks that both are on. Docker resolves it for the linking service alone; so a file in which one alias would
 * have two meanings is refused instead of answered wrongly.
 */
import { ComposeError, type Problem } from '../../errors.ts';
import type { Project, Service } from '../model/project.ts';
import { problemAt } from './blame.ts';

/** Aliases that links of other services give to this one, by network key. */
export function linkAliases(project: Project, target: string): Readonly<Record<string, readonly string[]>> {
  const linkers = linkersOf(project).get(target) ?? [];
  if (linkers.length === 0) return {};
  const networks = Object.keys(
    (project.services[target] ?? project.disabledServices[target])?.networks ?? {},
  );
  const entries = networks.map((network) => {
    const neighbours = linkers.filter((service) => network in service.networks);
    const names = new Set(neighbours.flatMap((service) => linkedNames(service, target)));
    return [network, [...names].sort()] as const;
  });
  return Object.fromEntries(entries.filter(([, names]) => names.length > 0));
}

/** @throws ComposeError `COMPOSE_LINK_AMBIGUOUS` where an alias is another service's name or another link's alias */
export function checkLinks(project: Project, services: readonly Service[]): void {
  const meanings = new Map<string, { readonly target: string; readonly service: string }>();
  const problems: Problem[] = [];
  for (const service of services) {
    for (const [alias, target] of Object.entries(service.links)) {
      const earlier = meanings.get(alias);
      const other =
        alias !== target && alias in project.services
          ? `service "${alias}"`
          : earlier && earlier.target !== target
            ? `"${earlier.target}" in service "${earlier.service}"`
            : undefined;
      meanings.set(alias, earlier ?? { target, service: service.name });
      if (other === undefined) continue;
      problems.push(
        problemAt(project, `services.${service.name}.links`, {
          code: 'COMPOSE_LINK_AMBIGUOUS',
          message: `service "${service.name}" links "${target}" as "${alias}", but "${alias}" also stands for ${other}`,
          hint: 'choose another alias, or reach the service by its own name',
        }),
      );
    }
  }
  if (problems.length > 0) throw new ComposeError(problems);
}

function linkedNames(service: Service, target: string): readonly string[] {
  return Object.entries(service.links)
    .filter(([alias, name]) => name === target && alias !== target)
    .map(([alias]) => alias);
}

/** Service → the services that link to it by another name. Every container asks, so it is worked out once a project. */
function linkersOf(project: Project): ReadonlyMap<string, readonly Service[]> {
  const known = knownLinkers.get(project);
  if (known) return known;
  const services = [...Object.values(project.services), ...Object.values(project.disabledServices)];
  const targets = new Set(services.flatMap(({ links }) => Object.values(links)));
  const found = new Map(
    [...targets].map((target) => [
      target,
      services.filter((service) => linkedNames(service, target).length > 0),
    ]),
  );
  knownLinkers.set(project, found);
  return found;
}

const knownLinkers = new WeakMap<Project, ReadonlyMap<string, readonly Service[]>>();

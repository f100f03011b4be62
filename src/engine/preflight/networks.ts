/** Subnets and addresses that cannot be had. */
import type { Problem } from '../../errors.ts';
import type { NetworkRefusal } from '../../network/network.ts';
import { endpointsOf } from '../create.ts';
import { placeOf, problemOf, type Question } from './question.ts';

export async function networkProblems({
  parts,
  actions,
  places,
  networkKeys,
  removed,
}: Question): Promise<Problem[]> {
  const made = actions.flatMap((action) => (action.kind === 'CreateNetwork' ? [action.network] : []));
  const created = actions.flatMap((action) => (action.kind === 'CreateContainer' ? [action.container] : []));
  const hasFixed = created.some(({ networks }) => networks.some((one) => one.ipv4Address ?? one.ipv6Address));
  if (made.length === 0 && !hasFixed) return [];
  const services = new Map(created.map(({ name, service }) => [name, service]));
  const refusals = await parts.networks.refusals({
    made,
    dropped: actions.flatMap((action) => (action.kind === 'RemoveNetwork' ? [action.name] : [])),
    containers: created.map((spec) => ({ name: spec.name, networks: endpointsOf(spec) })),
    leaving: removed,
  });
  return refusals.map(({ error, ...refused }) => {
    const key = networkKeys[refused.network] ?? refused.network;
    return problemOf(error, placeOf(places, pathOf(refused, key, services)));
  });
}

/** Where the model says it. */
function pathOf(
  { container, part }: Omit<NetworkRefusal, 'error'>,
  key: string,
  services: ReadonlyMap<string, string>,
): string {
  const owner = container === undefined ? '' : `services.${services.get(container)}.`;
  return `${owner}networks.${key}${part === undefined ? '' : `.${part}`}`;
}

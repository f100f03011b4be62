/** Host ports that somebody has already, or that the plan wants twice. */
import { groupBy } from '../../compose/plan/grouping.ts';
import type { ContainerSpec } from '../../compose/plan/plan.ts';
import type { Problem } from '../../errors.ts';
import type { PortRequest } from '../../network/network.ts';
import { placeOf, type Question } from './question.ts';

export async function portProblems(question: Question): Promise<Problem[]> {
  const wanted = question.specs.flatMap((spec) =>
    spec.ports.map((port, index) => ({ spec, port: request(question, spec, port, index) })),
  );
  const groups = groupBy(wanted, ({ port }) => portOf(port));
  const taken = await question.parts.networks.checkPorts(
    // One that is wanted twice would be in its own way.
    [...groups.values()]
      .flatMap((group) => (isFixed(group[0]!.port) ? [group[0]!] : group))
      .map(({ port }) => port),
    question.stopping,
  );
  const held = taken.map(({ port, holder }): Problem => {
    const { start = 0, end = 0 } = port.published ?? {};
    const which = start === end ? `port ${portOf(port)} is` : `every port of ${portOf(port)} is`;
    return {
      code: 'PORT_IN_USE',
      message: `${which} already in use by ${holder}`,
      ...(port.at === undefined ? {} : { at: port.at }),
      hint: 'stop what holds it, or publish another host port',
    };
  });
  return [...held, ...[...groups.values()].flatMap(clash)];
}

interface Wanted {
  readonly spec: ContainerSpec;
  readonly port: PortRequest;
}

/** The same fixed host port for several containers, such as a published port of a service with two replicas. */
function clash(group: readonly Wanted[]): Problem[] {
  const { port } = group[0]!;
  if (group.length === 1 || !isFixed(port)) return [];
  const names = group.map(({ spec }) => spec.name);
  return [
    {
      code: 'PORT_CLASH',
      message: `${names.slice(0, -1).join(', ')} and ${names.at(-1)} want the same host port ${portOf(port)}`,
      ...(port.at === undefined ? {} : { at: port.at }),
      hint: 'publish a range with a port for each replica ("8000-8010:80"), or no host port ("80")',
    },
  ];
}

function isFixed({ published }: PortRequest): boolean {
  return published !== undefined && published.start === published.end;
}

/** `127.0.0.1:8080/tcp`, `8000-8003/udp`. */
function portOf({ published, hostIp, protocol }: PortRequest): string {
  const { start = 0, end = 0 } = published ?? {};
  const shown = hostIp?.includes(':') ? `[${hostIp}]:` : hostIp ? `${hostIp}:` : '';
  return `${shown}${start === end ? start : `${start}-${end}`}/${protocol}`;
}

function request(
  { places }: Question,
  spec: ContainerSpec,
  { target, published, hostIp, protocol }: ContainerSpec['ports'][number],
  index: number,
): PortRequest {
  const at = placeOf(places, `services.${spec.service}.ports[${index}]`);
  return {
    target,
    protocol,
    ...(published === undefined ? {} : { published }),
    ...(hostIp === undefined ? {} : { hostIp }),
    ...(at === undefined ? {} : { at }),
  };
}

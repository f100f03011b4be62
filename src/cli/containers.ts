/** Finding the containers that a command line names. */
import type { ContainerView } from '../agent/protocol.ts';
import { TscomposeError } from '../errors.ts';
import type { Cli, Target } from './cli.ts';

/** The running container of a service: the one with that number, else the lowest. @throws when none runs */
export async function runningContainer(
  cli: Cli,
  target: Target,
  service: string,
  index: number | undefined,
): Promise<ContainerView> {
  const all = await serviceContainers(cli, target, [service], false);
  const found = pick(all, index);
  if (found !== undefined) return found;
  const which = index === undefined ? '' : ` container #${index}`;
  throw new TscomposeError('CLI_NOT_RUNNING', `service "${service}"${which} is not running`, {
    hint: `start it with "tscompose up -d ${service}"`,
  });
}

export function pick(all: readonly ContainerView[], index: number | undefined): ContainerView | undefined {
  return index === undefined ? all[0] : all.find(({ number }) => number === index);
}

/** The services' own containers (no one-offs), by service and number. */
export async function serviceContainers(
  cli: Cli,
  target: Target,
  services: readonly string[],
  all: boolean,
): Promise<readonly ContainerView[]> {
  const client = await cli.client();
  const found = await client.containers({
    project: target.name,
    ...(services.length === 0 ? {} : { services }),
    all,
    oneOffs: 'exclude',
  });
  return [...found].sort((a, b) =>
    a.service === b.service ? a.number - b.number : a.service < b.service ? -1 : 1,
  );
}

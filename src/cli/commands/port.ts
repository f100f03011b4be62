import { TscomposeError } from '../../errors.ts';
import { runningContainer } from '../containers.ts';
import { defineCommand, oneOf } from '../spec.ts';
import { wholeNumber } from '../values.ts';
import { hostPort, publishers } from '../views/ports.ts';
import { index, usable } from './common.ts';

export const port = defineCommand({
  summary: 'Show where a port of a container is published on this machine',
  args: '<service> <private-port>',
  options: { protocol: oneOf('--protocol <protocol>', 'tcp or udp (default: tcp)', ['tcp', 'udp']), index },
  examples: ['tscompose port web 80', 'tscompose port dns 53/udp'],
  run: async (cli, options, [service = '', word = '']) => {
    const [number = '', suffix] = word.split('/');
    const wanted = usable(() => wholeNumber(number));
    const protocol = suffix ?? options.protocol ?? 'tcp';
    const target = await cli.target([service]);
    const container = await runningContainer(cli, target, service, options.index);
    const found = publishers(container.ports).find(
      ({ TargetPort, PublishedPort, Protocol }) =>
        TargetPort === wanted && PublishedPort !== 0 && Protocol === protocol,
    );
    if (found === undefined)
      throw new TscomposeError(
        'CLI_PORT_NOT_PUBLISHED',
        `no port ${wanted}/${protocol} for container ${container.name}`,
        {
          hint: `publish it in the file: ports: ["${wanted}"]`,
        },
      );
    cli.print(hostPort(found.URL, found.PublishedPort));
    return undefined;
  },
});

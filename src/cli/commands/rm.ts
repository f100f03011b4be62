import { TscomposeError } from '../../errors.ts';
import { serviceContainers } from '../containers.ts';
import { defineCommand, flag } from '../spec.ts';
import { isYes } from '../values.ts';
import { dryRun } from './common.ts';

export const rm = defineCommand({
  summary: 'Remove stopped containers of the services',
  description: 'What they wrote outside of volumes is lost. Anonymous volumes are kept unless -v is given.',
  args: '[service...]',
  options: {
    force: flag('-f, --force', 'Do not ask'),
    stop: flag('-s, --stop', 'Stop them first, if they run'),
    volumes: flag('-v, --volumes', 'Also remove their anonymous volumes'),
    all: flag('-a, --all', 'Accepted for compatibility', { hidden: true }),
    dryRun,
  },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const stopped = (await serviceContainers(cli, target, services, true)).filter(
      ({ state }) => options.stop || state === 'exited' || state === 'created',
    );
    if (stopped.length === 0) {
      cli.note('No stopped containers');
      return undefined;
    }
    if (!options.force && !cli.settings.dryRun) {
      const names = stopped.map(({ name }) => name).join(', ');
      const answer = await cli.io.ask(`? Going to remove ${names} [yN] `);
      if (answer === undefined)
        throw new TscomposeError(
          'CLI_NO_TERMINAL',
          `cannot ask whether to remove ${names}: there is no terminal`,
          {
            hint: 'add --force to remove without asking',
          },
        );
      if (!isYes(answer)) return undefined;
    }
    await cli.apply(target, { kind: 'rm', services, stop: options.stop, volumes: options.volumes });
    return undefined;
  },
});

import { TscomposeError } from '../../errors.ts';
import { serviceContainers } from '../containers.ts';
import { defineCommand, flag } from '../spec.ts';

export const wait = defineCommand({
  summary: 'Wait until the containers of services have ended',
  description: 'Its exit code is that of the last one to end. One that has ended already is not waited for.',
  args: '<service...>',
  options: { downProject: flag('--down-project', 'Take the project down afterwards') },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const all = await serviceContainers(cli, target, services, true);
    const containers = all.filter(({ state }) => state !== 'created');
    if (containers.length === 0)
      throw new TscomposeError('CLI_NOT_RUNNING', `no containers for project "${target.name}"`, {
        hint: 'only containers that were started can be waited for',
      });
    const client = await cli.client();
    let last = 0;
    await Promise.all(
      containers.map(async ({ id }) => {
        last = await client.wait(id);
        cli.print(`container "${id}" exited with status code ${last}`);
      }),
    );
    if (options.downProject)
      await cli.apply(target, { kind: 'down', services: [], volumes: false, removeOrphans: true });
    return last;
  },
});

import { defineCommand } from '../spec.ts';
import { creation, upCommand } from './common.ts';

export const create = defineCommand({
  summary: 'Create the containers of the services and start none',
  args: '[service...]',
  options: creation,
  run: async (cli, options, services) => {
    const project = await cli.project({ services, purpose: 'run' });
    const target = { name: project.name, project };
    await cli.apply(target, upCommand(cli, options, services, { start: false, wait: false }));
    return undefined;
  },
});

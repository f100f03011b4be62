import { defineCommand, flag, oneOf } from '../spec.ts';
import { dryRun, removeOrphans, timeout } from './common.ts';

export const down = defineCommand({
  summary: 'Stop and remove the containers and networks of the project',
  description:
    'Named volumes, and networks and volumes marked as external, are kept.\nWith --volumes the named volumes of the file and the anonymous ones go too.',
  args: '[service...]',
  options: {
    volumes: flag('-v, --volumes', 'Also remove named and anonymous volumes'),
    removeOrphans,
    timeout,
    rmi: oneOf('--rmi <which>', 'Also remove images: "local" are those without a name of their own', [
      'local',
      'all',
    ]),
    dryRun,
  },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const plan = await cli.apply(target, {
      kind: 'down',
      services,
      volumes: options.volumes,
      removeOrphans: options.removeOrphans || cli.settings.removeOrphans,
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
      ...(options.rmi === undefined ? {} : { images: options.rmi }),
    });
    if (plan.nodes.length === 0 && plan.warnings.length === 0 && !cli.settings.dryRun)
      cli.warn(`No resource found to remove for project "${target.name}".`);
    return undefined;
  },
});

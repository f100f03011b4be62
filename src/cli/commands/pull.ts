import { TscomposeError } from '../../errors.ts';
import { defineCommand, flag, oneOf } from '../spec.ts';
import { dryRun } from './common.ts';

export const pull = defineCommand({
  summary: "Fetch the services' images",
  args: '[service...]',
  options: {
    policy: oneOf('--policy <policy>', 'Which images to fetch', ['always', 'missing']),
    includeDeps: flag('--include-deps', 'Also the images of services they depend on'),
    ignoreBuildable: flag('--ignore-buildable', 'Leave out images that can be built'),
    ignorePullFailures: flag('--ignore-pull-failures', 'Fetch what can be fetched'),
    quiet: flag('-q, --quiet', 'Show no progress'),
    dryRun,
  },
  run: async (cli, options, services) => {
    const project = await cli.project({ services });
    const target = { name: project.name, project };
    const wanted = services.length > 0 ? services : Object.keys(project.services);
    const rounds = options.ignorePullFailures ? wanted.map((service) => [service]) : [services];
    for (const round of rounds) {
      const work = cli.apply(
        target,
        {
          kind: 'pull',
          services: round,
          policy: options.policy ?? 'always',
          includeDeps: options.includeDeps,
          ignoreBuildable: options.ignoreBuildable,
        },
        { quiet: options.quiet },
      );
      await work.catch((error: unknown) => {
        if (!options.ignorePullFailures || !(error instanceof TscomposeError)) throw error;
        cli.warn(error.message);
      });
    }
    return undefined;
  },
});

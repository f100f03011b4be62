import { TscomposeError } from '../../errors.ts';
import { defineCommand, parsed } from '../spec.ts';
import { signalNamed } from '../values.ts';
import { dryRun, removeOrphans } from './common.ts';

export const kill = defineCommand({
  summary: 'Send a signal to running containers (SIGKILL unless one is named)',
  args: '[service...]',
  options: { signal: parsed('-s, --signal <name>', 'Signal to send', signalNamed), removeOrphans, dryRun },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const plan = await cli.apply(target, {
      kind: 'kill',
      services,
      signal: options.signal ?? 'SIGKILL',
      removeOrphans: options.removeOrphans || cli.settings.removeOrphans,
    });
    if (plan.nodes.length === 0 && !cli.settings.dryRun)
      throw new TscomposeError('CLI_NOTHING_TO_KILL', 'no container to kill');
    return undefined;
  },
});

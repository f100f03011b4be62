import { defineCommand, flag } from '../spec.ts';
import { dryRun, waitTimeout } from './common.ts';

export const start = defineCommand({
  summary: 'Start containers that were created or stopped',
  args: '[service...]',
  options: {
    wait: flag('--wait', 'Wait until the services are running, and healthy if they have a check'),
    waitTimeout,
    dryRun,
  },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    await cli.apply(target, {
      kind: 'start',
      services,
      wait: options.wait,
      ...(options.waitTimeout === undefined ? {} : { waitTimeoutMs: options.waitTimeout }),
    });
    return undefined;
  },
});

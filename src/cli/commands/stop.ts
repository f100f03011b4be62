import { defineCommand } from '../spec.ts';
import { dryRun, timeout } from './common.ts';

export const stop = defineCommand({
  summary: 'Stop running containers and keep them',
  description: '"tscompose start" starts them again.',
  args: '[service...]',
  options: { timeout, dryRun },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    await cli.apply(target, {
      kind: 'stop',
      services,
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    });
    return undefined;
  },
});

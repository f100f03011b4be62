import { defineCommand, flag } from '../spec.ts';
import { dryRun, timeout } from './common.ts';

export const restart = defineCommand({
  summary: 'Restart containers as they are',
  description: 'Changes in the file are not applied: that is what "tscompose up" does.',
  args: '[service...]',
  options: { noDeps: flag('--no-deps', 'Leave the services that depend on them alone'), timeout, dryRun },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    await cli.apply(target, {
      kind: 'restart',
      services,
      noDeps: options.noDeps,
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    });
    return undefined;
  },
});

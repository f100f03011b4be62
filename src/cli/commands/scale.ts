import { defineCommand, flag } from '../spec.ts';
import { scaleOf } from '../values.ts';
import { dryRun, usable } from './common.ts';

export const scale = defineCommand({
  summary: 'Set how many containers a service has',
  args: '<service=n...>',
  options: { noDeps: flag('--no-deps', 'Leave dependencies alone'), dryRun },
  examples: ['tscompose scale web=3 worker=5'],
  run: async (cli, options, words) => {
    const counts = usable(() => scaleOf(words));
    const services = Object.keys(counts);
    const project = await cli.project({ services, purpose: 'run' });
    const target = { name: project.name, project };
    await cli.apply(target, {
      kind: 'up',
      services,
      recreate: 'never',
      recreateDependencies: false,
      noDeps: options.noDeps,
      start: true,
      wait: false,
      removeOrphans: false,
      ignoreOrphans: true,
      scale: counts,
      renewAnonymousVolumes: false,
    });
    return undefined;
  },
});

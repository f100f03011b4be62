import { type CommandSpec, defineCommand } from '../spec.ts';
import { dryRun } from './common.ts';

export const pause = freezer('pause', 'Freeze every process of the containers');
export const unpause = freezer('unpause', 'Let frozen containers go on');

function freezer(kind: 'pause' | 'unpause', summary: string): CommandSpec {
  return defineCommand({
    summary,
    args: '[service...]',
    options: { dryRun },
    run: async (cli, _options, services) => {
      const target = await cli.target(services);
      await cli.apply(target, { kind, services });
      return undefined;
    },
  });
}

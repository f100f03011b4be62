import { runningContainer } from '../containers.ts';
import { defineCommand, flag, text } from '../spec.ts';
import { attachTo } from '../stdio.ts';
import { index } from './common.ts';

export const attach = defineCommand({
  summary: "Join the input and output of a service's running container",
  description: 'ctrl-p ctrl-q leaves it running.',
  args: '<service>',
  options: {
    index,
    noStdin: flag('--no-stdin', 'Only show its output'),
    detachKeys: text('--detach-keys <keys>', 'Other keys to leave with, such as ctrl-x,x'),
    sigProxy: flag('--sig-proxy', 'Pass signals on to it (default: true)', { initial: true }),
  },
  run: async (cli, options, [service = '']) => {
    const target = await cli.target([service]);
    const container = await runningContainer(cli, target, service, options.index);
    return attachTo(cli, container.id, {
      stdin: !options.noStdin,
      detachKeys: options.detachKeys,
      forwardSignals: options.sigProxy,
      begin: async () => undefined,
    });
  },
});

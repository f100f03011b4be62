import type { LogEntry } from '../../agent/protocol.ts';
import { ExitWith, exitCodes } from '../exit.ts';
import { defineCommand, flag, parsed } from '../spec.ts';
import { moment, tail } from '../values.ts';
import { LogView, shortName } from '../views/logs.ts';
import { index } from './common.ts';

export const logs = defineCommand({
  summary: 'Show the output of the containers',
  args: '[service...]',
  options: {
    follow: flag('-f, --follow', 'Go on as new lines come'),
    tail: parsed('-n, --tail <lines>', 'Only the last lines of each container (default: all)', tail),
    timestamps: flag('-t, --timestamps', 'Lines with their time'),
    since: parsed('--since <time>', 'Lines since a time (2024-05-01T10:00:00Z) or for as long (10m)', moment),
    until: parsed('--until <time>', 'Lines before a time', moment),
    noLogPrefix: flag('--no-log-prefix', 'Lines without the name of their container'),
    noColor: flag('--no-color', 'Without colours'),
    index,
  },
  examples: ['tscompose logs -f --tail 20 web', 'tscompose logs --since 10m'],
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const client = await cli.client();
    const filter = {
      project: target.name,
      ...(services.length === 0 ? {} : { services }),
      all: true,
      oneOffs: services.length === 0 ? 'exclude' : 'include',
    } as const;
    const view = new LogView(
      cli.io,
      { prefix: !options.noLogPrefix, colour: !options.noColor, timestamps: options.timestamps },
      cli.paint,
    );
    for (const { name } of await client.containers(filter)) view.register(shortName(name, target.name));
    const now = cli.io.now();
    const interrupt = new AbortController();
    const release = cli.io.onInterrupt(() => interrupt.abort());
    try {
      await client.logs(
        filter,
        {
          follow: options.follow,
          ...(Number.isFinite(options.tail) ? { tail: options.tail as number } : {}),
          ...(options.since === undefined ? {} : { since: options.since(now) }),
          ...(options.until === undefined ? {} : { until: options.until(now) }),
        },
        (entry: LogEntry & { container: string; number: number }) => {
          if (options.index === undefined || entry.number === options.index)
            view.line(shortName(entry.container, target.name), entry);
        },
        interrupt.signal,
      );
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
    } finally {
      release();
    }
    if (interrupt.signal.aborted) throw new ExitWith(exitCodes.interrupted);
    return undefined;
  },
});

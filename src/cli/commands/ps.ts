import type { ContainerView } from '../../agent/protocol.ts';
import { TscomposeError } from '../../errors.ts';
import { defineCommand, flag, list, text } from '../spec.ts';
import { type ContainerRow, containerHeadings, containerRow } from '../views/containers.ts';
import { rowsText } from '../views/rows.ts';
import { format, quiet } from './common.ts';

const states = ['paused', 'restarting', 'removing', 'running', 'dead', 'created', 'exited'];

export const ps = defineCommand({
  summary: 'List the containers of the project',
  description: `Only running ones, unless --all or --status is given. The states are ${states.join(', ')}.`,
  args: '[service...]',
  options: {
    all: flag('-a, --all', 'Also stopped containers and those of `run`'),
    quiet,
    services: flag('--services', 'Show the names of the services'),
    status: list('--status <state>', 'Only containers in this state (repeatable)'),
    filter: text('--filter <status=state>', 'Only containers in this state'),
    format,
    orphans: flag('--orphans', 'Also containers of services that the file no longer has (default: true)', {
      initial: true,
    }),
    noTrunc: flag('--no-trunc', 'Show ids and commands in full'),
  },
  examples: ['tscompose ps --format json', "tscompose ps --format 'table {{.Name}}\\t{{.Status}}'"],
  run: async (cli, options, services) => {
    const wanted = [...options.status, ...filterState(options.filter)];
    const target = await cli.target(services);
    const client = await cli.client();
    const chosen =
      services.length > 0 ? services : options.orphans ? [] : Object.keys(target.project?.services ?? {});
    const found = await client.containers({
      project: target.name,
      ...(chosen.length === 0 ? {} : { services: chosen }),
      all: options.all || wanted.length > 0,
      oneOffs: options.all ? 'include' : 'exclude',
    });
    const shown = found
      .filter(({ state }) => wanted.length === 0 || wanted.includes(state))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (options.quiet) for (const { id } of shown) cli.print(id);
    else if (options.services) for (const service of serviceNames(shown)) cli.print(service);
    else {
      const rows = shown.map((view) => containerRow(view, { now: cli.io.now(), truncate: !options.noTrunc }));
      cli.io.stdout.write(
        rowsText<ContainerRow>(rows, { format: options.format, columns, headings: containerHeadings }),
      );
    }
    return undefined;
  },
});

const columns = [
  ['Name', 'NAME'],
  ['Image', 'IMAGE'],
  ['Command', 'COMMAND'],
  ['Service', 'SERVICE'],
  ['RunningFor', 'CREATED'],
  ['Status', 'STATUS'],
  ['Ports', 'PORTS'],
] as const;

function filterState(filter: string | undefined): string[] {
  if (filter === undefined) return [];
  const [, key, value] = /^([^=]+)=(.*)$/.exec(filter) ?? [];
  if (key === undefined || value === undefined)
    throw new TscomposeError('CLI_USAGE', 'arguments to --filter should be in form KEY=VAL');
  if (key !== 'status')
    throw new TscomposeError('CLI_USAGE', `unknown filter ${key}`, { hint: 'the one filter is status' });
  return [value];
}

function serviceNames(containers: readonly ContainerView[]): string[] {
  return [...new Set(containers.map(({ service }) => service))];
}

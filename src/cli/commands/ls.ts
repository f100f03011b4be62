import type { ContainerView } from '../../agent/protocol.ts';
import { TscomposeError } from '../../errors.ts';
import { defineCommand, flag, oneOf, text } from '../spec.ts';
import { composeShape, table } from '../views/table.ts';

export const ls = defineCommand({
  summary: 'List the projects on this machine',
  description: 'Only those with running containers, unless --all is given.',
  options: {
    all: flag('-a, --all', 'Also stopped projects'),
    quiet: flag('-q, --quiet', 'Show only names'),
    format: oneOf('--format <format>', 'table or json', ['table', 'json']),
    filter: text('--filter <name=text>', 'Only projects whose name contains the text'),
  },
  run: async (cli, options) => {
    const client = await cli.client();
    const containers = await client.containers({ all: options.all, oneOffs: 'include' });
    const rows = projects(containers).filter(({ Name }) => Name.includes(nameFilter(options.filter)));
    if (options.quiet) for (const { Name } of rows) cli.print(Name);
    else if (options.format === 'json') cli.print(JSON.stringify(rows));
    else
      cli.io.stdout.write(
        table(
          ['NAME', 'STATUS', 'CONFIG FILES'],
          rows.map(({ Name, Status, ConfigFiles }) => [Name, Status, ConfigFiles]),
          composeShape,
        ),
      );
    return undefined;
  },
});

interface Row {
  readonly Name: string;
  /** `running(2), exited(1)` */
  readonly Status: string;
  readonly ConfigFiles: string;
}

function projects(containers: readonly ContainerView[]): Row[] {
  const names = new Set(containers.map(({ project }) => project).filter((name) => name !== ''));
  return [...names].sort().map((name) => {
    const own = containers.filter(({ project }) => project === name);
    return { Name: name, Status: statusOf(own), ConfigFiles: filesOf(own) };
  });
}

function statusOf(containers: readonly ContainerView[]): string {
  const counts = new Map<string, number>();
  for (const { state } of containers) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, count]) => `${state}(${count})`)
    .join(', ');
}

function filesOf(containers: readonly ContainerView[]): string {
  const files = containers.flatMap(({ labels }) =>
    (labels['com.docker.compose.project.config_files'] ?? '').split(','),
  );
  return [...new Set(files.filter((file) => file !== ''))].join(',') || 'N/A';
}

function nameFilter(filter: string | undefined): string {
  if (filter === undefined) return '';
  const [, key, value] = /^([^=]+)=(.*)$/.exec(filter) ?? [];
  if (key === 'name' && value !== undefined) return value;
  throw new TscomposeError('CLI_USAGE', `unknown filter ${filter}`, { hint: 'the one filter is name=TEXT' });
}

import { defineCommand, flag } from '../spec.ts';
import { type ContainerRow, containerHeadings, containerRow } from '../views/containers.ts';
import { rowsText } from '../views/rows.ts';
import { format, quiet } from './common.ts';

export const containerLs = defineCommand({
  summary: 'List the containers of all projects',
  options: {
    all: flag('-a, --all', 'Also stopped ones'),
    quiet,
    noTrunc: flag('--no-trunc', 'Show ids and commands in full'),
    format,
  },
  run: async (cli, options) => {
    const client = await cli.client();
    const views = [...(await client.containers({ all: options.all, oneOffs: 'include' }))];
    const rows = views
      .sort((a, b) => b.createdAt - a.createdAt)
      .map((view) => containerRow(view, { now: cli.io.now(), truncate: !options.noTrunc }));
    if (options.quiet) for (const { ID } of rows) cli.print(ID);
    else
      cli.io.stdout.write(
        rowsText<ContainerRow>(rows, { format: options.format, columns, headings: containerHeadings }),
      );
    return undefined;
  },
});

const columns = [
  ['ID', 'CONTAINER ID'],
  ['Image', 'IMAGE'],
  ['Command', 'COMMAND'],
  ['RunningFor', 'CREATED'],
  ['Status', 'STATUS'],
  ['Ports', 'PORTS'],
  ['Names', 'NAMES'],
] as const;

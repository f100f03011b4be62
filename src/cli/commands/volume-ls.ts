import { defineCommand, flag } from '../spec.ts';
import { rowsText } from '../views/rows.ts';
import { type VolumeRow, volumeColumns, volumeRow } from '../views/volumes.ts';
import { format } from './common.ts';

export const volumeLs = defineCommand({
  summary: 'List the volumes of all projects',
  options: { quiet: flag('-q, --quiet', 'Show only names'), format },
  run: async (cli, options) => {
    const client = await cli.client();
    const rows = [...(await client.volumes())].sort((a, b) => (a.name < b.name ? -1 : 1)).map(volumeRow);
    if (options.quiet) for (const { Name } of rows) cli.print(Name);
    else cli.io.stdout.write(rowsText<VolumeRow>(rows, { format: options.format, columns: volumeColumns }));
    return undefined;
  },
});

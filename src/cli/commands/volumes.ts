import { serviceContainers } from '../containers.ts';
import { defineCommand, flag } from '../spec.ts';
import { rowsText } from '../views/rows.ts';
import { type VolumeRow, volumeColumns, volumeRow } from '../views/volumes.ts';
import { format } from './common.ts';

export const volumes = defineCommand({
  summary: 'List the volumes of the project',
  description: 'With services: the volumes that their containers use.',
  args: '[service...]',
  options: { quiet: flag('-q, --quiet', 'Show only names'), format },
  run: async (cli, options, services) => {
    const target = await cli.target(services);
    const client = await cli.client();
    const mounted = new Set(
      (await serviceContainers(cli, target, services, true)).flatMap(({ mounts }) =>
        mounts.map(({ name }) => name),
      ),
    );
    const found = (await client.volumes())
      .filter(({ name, labels }) =>
        services.length > 0
          ? mounted.has(name)
          : labels['com.docker.compose.project'] === target.name || mounted.has(name),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (options.quiet) for (const { name } of found) cli.print(name);
    else
      cli.io.stdout.write(
        rowsText<VolumeRow>(found.map(volumeRow), { format: options.format, columns: volumeColumns }),
      );
    return undefined;
  },
});

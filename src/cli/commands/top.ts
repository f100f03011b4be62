import { serviceContainers } from '../containers.ts';
import { defineCommand } from '../spec.ts';
import { table, topShape } from '../views/table.ts';

export const top = defineCommand({
  summary: 'Show the processes in the containers',
  args: '[service...]',
  options: {},
  run: async (cli, _options, services) => {
    const target = await cli.target(services);
    const client = await cli.client();
    const containers = await serviceContainers(cli, target, services, false);
    const views = await Promise.all(containers.map(async ({ id }) => client.top(id)));
    const titles = [...new Set(views.flatMap((view) => view.titles))];
    const rows = containers.flatMap(({ service, number }, at) => {
      const view = views[at];
      return (view?.processes ?? []).map((process) => [
        service,
        String(number),
        ...titles.map((title) => process[view?.titles.indexOf(title) ?? -1] ?? '-'),
      ]);
    });
    if (rows.length > 0) cli.io.stdout.write(table(['SERVICE', '#', ...titles], rows, topShape));
    return undefined;
  },
});

import type { NetworkView } from '../../agent/protocol.ts';
import { defineCommand } from '../spec.ts';
import { rowsText } from '../views/rows.ts';
import { format, quiet } from './common.ts';

export const networkLs = defineCommand({
  summary: 'List the networks of all projects',
  options: { quiet, format },
  run: async (cli, options) => {
    const client = await cli.client();
    const rows = [...(await client.networks())].sort((a, b) => (a.name < b.name ? -1 : 1)).map(row);
    if (options.quiet) for (const { ID } of rows) cli.print(ID);
    else cli.io.stdout.write(rowsText<NetworkRow>(rows, { format: options.format, columns }));
    return undefined;
  },
});

interface NetworkRow {
  readonly ID: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Internal: string;
  readonly Subnet: string;
  readonly Labels: string;
}

const columns = [
  ['ID', 'NETWORK ID'],
  ['Name', 'NAME'],
  ['Driver', 'DRIVER'],
  ['Subnet', 'SUBNET'],
] as const;

function row(view: NetworkView): NetworkRow {
  return {
    ID: view.id.slice(0, 12),
    Name: view.name,
    Driver: view.driver,
    Scope: 'local',
    Internal: String(view.internal),
    Subnet: view.subnet,
    Labels: Object.entries(view.labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join(','),
  };
}

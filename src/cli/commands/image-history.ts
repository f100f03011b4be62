import type { HistoryRow } from '../../agent/protocol.ts';
import { defineCommand, flag } from '../spec.ts';
import { ago, bytes, ellipsis } from '../views/human.ts';
import { shortId } from '../views/images.ts';
import { rowsText } from '../views/rows.ts';
import { format, quiet } from './common.ts';

export const imageHistory = defineCommand({
  summary: 'Show the instructions that made an image, the last one first',
  args: '<image>',
  options: { quiet, format, noTrunc: flag('--no-trunc', 'Show ids and instructions in full') },
  run: async (cli, options, [image = '']) => {
    const client = await cli.client();
    const shown = { now: cli.io.now(), full: options.noTrunc };
    const rows = (await client.imageHistory(image)).map((row) => rowOf(row, shown));
    if (options.quiet) for (const { ID } of rows) cli.print(ID);
    else cli.io.stdout.write(rowsText<Row>(rows, { format: options.format, columns }));
    return undefined;
  },
});

interface Row {
  readonly Comment: string;
  readonly CreatedAt: string;
  readonly CreatedBy: string;
  readonly CreatedSince: string;
  readonly ID: string;
  readonly Size: string;
}

const columns = [
  ['ID', 'IMAGE'],
  ['CreatedSince', 'CREATED'],
  ['CreatedBy', 'CREATED BY'],
  ['Size', 'SIZE'],
  ['Comment', 'COMMENT'],
] as const;

/** Docker's, of what the instruction is cut to. */
const longestInstruction = 45;

function rowOf(row: HistoryRow, { now, full }: { now: number; full: boolean }): Row {
  const instruction = row.createdBy.replaceAll('\t', ' ');
  return {
    Comment: row.comment,
    CreatedAt: row.createdAt === 0 ? '' : new Date(row.createdAt).toISOString(),
    CreatedBy: full ? instruction : ellipsis(instruction, longestInstruction),
    CreatedSince: row.createdAt === 0 ? 'N/A' : ago(row.createdAt, now),
    ID: full || !row.id.includes(':') ? row.id : shortId(row.id),
    Size: bytes(row.sizeBytes),
  };
}

import type { ImageView } from '../../agent/protocol.ts';
import { defineCommand, flag, text } from '../spec.ts';
import { ago, bytes, localTime } from '../views/human.ts';
import { shortId, splitReference } from '../views/images.ts';
import { rowsText } from '../views/rows.ts';

export const imageLs = defineCommand({
  summary: 'List the images on this machine',
  args: '[name]',
  options: {
    quiet: flag('-q, --quiet', 'Show only ids'),
    noTrunc: flag('--no-trunc', 'Show ids in full'),
    format: text('--format <format>', 'table, json, or a Go template'),
    all: flag('-a, --all', 'Accepted for compatibility', { hidden: true }),
  },
  run: async (cli, options, [name]) => {
    const client = await cli.client();
    const rows = (await client.images())
      .toSorted((one, other) => other.createdAt - one.createdAt)
      .flatMap((image) => rowsOf(image, { now: cli.io.now(), full: options.noTrunc }))
      .filter((row) => name === undefined || matches(row, name));
    if (options.quiet) for (const id of new Set(rows.map(({ ID }) => ID))) cli.print(id);
    else cli.io.stdout.write(rowsText<ImageRow>(rows, { format: options.format, columns }));
    return undefined;
  },
});

interface ImageRow {
  readonly Containers: string;
  readonly CreatedAt: string;
  readonly CreatedSince: string;
  readonly Digest: string;
  readonly ID: string;
  readonly Repository: string;
  readonly SharedSize: string;
  readonly Size: string;
  readonly Tag: string;
  readonly UniqueSize: string;
  readonly VirtualSize: string;
}

const columns = [
  ['Repository', 'REPOSITORY'],
  ['Tag', 'TAG'],
  ['ID', 'IMAGE ID'],
  ['CreatedSince', 'CREATED'],
  ['Size', 'SIZE'],
] as const;

/** One row for each name of the image; one of `<none>` when it has none. */
function rowsOf(image: ImageView, { now, full }: { now: number; full: boolean }): ImageRow[] {
  const references = image.references.length > 0 ? image.references : ['<none>:<none>'];
  return references.map((reference) => {
    const { repository, tag } = splitReference(reference);
    return {
      Containers: 'N/A',
      CreatedAt: localTime(image.createdAt),
      CreatedSince: ago(image.createdAt, now),
      Digest: '<none>',
      ID: full ? image.id : shortId(image.id),
      Repository: repository,
      SharedSize: 'N/A',
      Size: bytes(image.sizeBytes),
      Tag: tag === '' ? '<none>' : tag,
      UniqueSize: 'N/A',
      VirtualSize: bytes(image.sizeBytes),
    };
  });
}

function matches({ Repository, Tag }: ImageRow, name: string): boolean {
  const { repository, tag } = splitReference(name);
  return Repository === repository && (tag === '' || Tag === tag);
}

import type { ImageView } from '../../agent/protocol.ts';
import { TscomposeError } from '../../errors.ts';
import { defineCommand, flag, list, text } from '../spec.ts';
import { ago, bytes, localTime } from '../views/human.ts';
import { shortId, splitReference } from '../views/images.ts';
import { rowsText } from '../views/rows.ts';

export const imageLs = defineCommand({
  summary: 'List the images on this machine',
  examples: ['tscompose image ls "team/*"', 'tscompose image rm $(tscompose image ls -q -f dangling=true)'],
  args: '[name]',
  options: {
    quiet: flag('-q, --quiet', 'Show only ids'),
    noTrunc: flag('--no-trunc', 'Show ids in full'),
    format: text('--format <format>', 'table, json, or a Go template'),
    filter: list('-f, --filter <filter>', 'dangling=true|false, reference=PATTERN (repeatable)'),
    all: flag('-a, --all', 'Accepted for compatibility', { hidden: true }),
  },
  run: async (cli, options, [name]) => {
    const keeps = filtersOf(options.filter);
    const client = await cli.client();
    const rows = (await client.images())
      .toSorted((one, other) => other.createdAt - one.createdAt)
      .flatMap((image) => rowsOf(image, { now: cli.io.now(), full: options.noTrunc }))
      .filter((row) => name === undefined || matches(row, name))
      .filter((row) => keeps.every((keep) => keep(row)));
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

type Keep = (row: ImageRow) => boolean;

/** Filters of one kind widen what is kept, those of different kinds narrow it. */
function filtersOf(words: readonly string[]): readonly Keep[] {
  const kinds = new Map<string, Keep[]>();
  for (const word of words) {
    const [, kind = '', value = ''] = /^(\w+)=(.+)$/.exec(word) ?? [];
    kinds.set(kind, [...(kinds.get(kind) ?? []), filterOf(kind, value, word)]);
  }
  return [...kinds.values()].map((keeps) => (row) => keeps.some((keep) => keep(row)));
}

function filterOf(kind: string, value: string, word: string): Keep {
  if (kind === 'reference') return (row) => matches(row, value);
  if (kind === 'dangling' && /^(true|1|false|0)$/.test(value)) {
    const wanted = /^(true|1)$/.test(value);
    return ({ Repository }) => (Repository === '<none>') === wanted;
  }
  throw new TscomposeError('CLI_USAGE', `"${word}" is no filter of images`, {
    hint: 'write dangling=true, dangling=false or reference=PATTERN',
  });
}

/** By its repository or in full; `*` and `?` stand for anything within one part of the path. */
function matches({ Repository, Tag }: ImageRow, pattern: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/[*?]/g, (sign) => `[^/]${sign === '*' ? '*' : ''}`);
  const whole = new RegExp(`^${escaped}$`);
  return Repository !== '<none>' && (whole.test(Repository) || whole.test(`${Repository}:${Tag}`));
}

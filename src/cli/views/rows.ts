/** The three ways of `--format`: a table, JSON, or a template of the person's own. */

import { dockerShape, type TableShape, table } from './table.ts';
import { renderRows } from './template.ts';

export interface RowsOptions<R extends object> {
  readonly format: string | undefined;
  /** Columns of the default table: field and heading. */
  readonly columns: readonly (readonly [keyof R & string, string])[];
  /** Headings of further fields, for `table` templates. */
  readonly headings?: Readonly<Partial<Record<keyof R, string>>>;
  readonly shape?: TableShape;
  /** JSON as one array instead of one object a line. */
  readonly jsonArray?: boolean;
}

export function rowsText<R extends object>(rows: readonly R[], options: RowsOptions<R>): string {
  const { format, columns, headings = {}, shape = dockerShape } = options;
  if (format === undefined || format === '' || format === 'table')
    return table(
      columns.map(([, title]) => title),
      rows.map((row) => columns.map(([field]) => String(row[field]))),
      shape,
    );
  if (format === 'json')
    return options.jsonArray === true
      ? `${JSON.stringify(rows)}\n`
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return renderRows(format, rows, { ...Object.fromEntries(columns), ...headings });
}

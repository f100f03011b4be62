/** Columns lined up with spaces, as Docker prints them. */

export interface TableShape {
  /** Least width of a column, padding included. */
  readonly minWidth: number;
  readonly padding: number;
}

/** Docker's own lists: `ps`, `volume ls`, `image ls`. */
export const dockerShape: TableShape = { minWidth: 10, padding: 3 };
/** Docker Compose's: `ls`, `images`, `config --variables`. */
export const composeShape: TableShape = { minWidth: 20, padding: 3 };
export const topShape: TableShape = { minWidth: 4, padding: 2 };

export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  shape: TableShape = dockerShape,
): string {
  const all = [header, ...rows];
  const widths = header.map((_title, column) =>
    Math.max(shape.minWidth, ...all.map((row) => (row[column] ?? '').length + shape.padding)),
  );
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

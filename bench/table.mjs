/**
 * The one table that a run ends with. A row: `figure` in `unit`, and either `against` (what it is divided by; `ratio`
 * is then compared with `target`) or nothing (the figure itself is). `atLeast` turns the comparison round.
 */
export function printTable(rows) {
  const cells = [
    ['what', 'figure', 'compared with', 'ratio', 'target', ''],
    ...rows.map((row) => [
      row.what,
      `${round(row.figure)} ${row.unit}`,
      row.against === undefined ? '' : `${round(row.against)} ${row.unit} (${row.base})`,
      row.against === undefined ? '' : (row.figure / row.against).toFixed(2),
      row.target === undefined ? '' : `${row.atLeast ? '≥' : '≤'} ${row.target}`,
      verdict(row),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  for (const line of cells)
    console.log(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    );
}

function verdict({ figure, against = 1, target, atLeast = false }) {
  if (target === undefined) return '';
  const value = figure / against;
  return (atLeast ? value >= target : value <= target) ? 'ok' : 'over';
}

function round(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** Lines of a table: the columns `right` are set to the right, the others to the left. */
export function textTable(
  rows: readonly (readonly (string | number)[])[],
  right: readonly number[] = [],
): string[] {
  const cells = rows.map((row) => row.map(String));
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const set = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  return cells.map((row) => row.map(set).join('  ').trimEnd());
}

/** What the table shows of an app's usage. */
export const usageColumns = [
  'requestsLastHour',
  'maxPerHour',
  'totalRequests',
  'activeTokens',
] as const;

/** How much of an app is used. */
export interface ApiUsage {
  readonly id: string;
  readonly name: string;
  readonly requestsLastHour: number;
  readonly maxPerHour: number;
  /** All that it has ever made. */
  readonly totalRequests: number;
  readonly activeTokens: number;
}

/** How much of each app is used, as lines of a table. */
export function usageTable(apps: readonly ApiUsage[]): string[] {
  const rows = apps.map((app) => [
    app.name,
    app.requestsLastHour,
    app.maxPerHour,
    app.maxPerHour - app.requestsLastHour,
    app.totalRequests,
    app.activeTokens,
  ]);
  const sums = [1, 2, 3, 4, 5].map((column) =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0),
  );
  const count = apps.length === 1 ? '1 app' : `${apps.length} apps`;
  const table = [
    ['app', 'last hour', 'of', 'left', 'total', 'tokens'],
    ...rows,
    [count, ...sums],
  ].map((row) => row.map(String));
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => (row[column] ?? '').length)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

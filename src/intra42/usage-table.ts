import type { WebApp } from './app-website.js';

/** How much of each app is used, as lines of a table. */
export function usageTable(apps: readonly WebApp[]): string[] {
  const rows = apps.map(({ page }) => {
    const {
      requestsLastHour = 0,
      maxPerHour = 0,
      totalRequests = 0,
      activeTokens = 0,
    } = page.usage ?? {};
    return [
      page.name,
      requestsLastHour,
      maxPerHour,
      maxPerHour - requestsLastHour,
      totalRequests,
      activeTokens,
    ];
  });
  const sums = [1, 2, 3, 4, 5].map((column) =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0),
  );
  const table = [
    ['app', 'last hour', 'of', 'left', 'total', 'tokens'],
    ...rows,
    [`${apps.length} apps`, ...sums],
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

import { describe, expect, it } from 'vitest';
import { usageTable } from './usage-table.js';

describe('usageTable', () => {
  it('has a line for each app and one for the sums, in columns', () => {
    const table = usageTable([
      {
        id: '1',
        name: 'x_1',
        requestsLastHour: 5,
        maxPerHour: 1200,
        totalRequests: 10_000,
        activeTokens: 1,
      },
      {
        id: '2',
        name: 'x_22',
        requestsLastHour: 1200,
        maxPerHour: 1200,
        totalRequests: 7,
        activeTokens: 2,
      },
    ]);
    expect(table).toEqual([
      'app     last hour    of  left  total  tokens',
      'x_1             5  1200  1195  10000       1',
      'x_22         1200  1200     0      7       2',
      '2 apps       1205  2400  1195  10007       3',
    ]);
  });

  it('is a headline and sums of nothing without apps', () => {
    expect(usageTable([])).toEqual([
      'app     last hour  of  left  total  tokens',
      '0 apps          0   0     0      0       0',
    ]);
  });
});

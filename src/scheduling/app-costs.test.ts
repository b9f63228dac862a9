import { expect, it } from 'vitest';
import { AppCosts } from './app-costs.js';

it.each([Infinity, Number.NaN, -1])(
  'keeps to what was expected where an answer is said to have cost %s',
  (tokens) => {
    const limit = { requests: 100, perMs: 1000, of: 'tokens' };
    const costs = new AppCosts({ own: [limit], scopes: {} }, { amounts: {} });
    costs.correctAmounts(costs.record(0, { tokens: 60 }, 0), { tokens });
    expect(costs.recent(10)).toMatchObject([{ uses: [{ atMs: 0, amount: 60 }] }]);
    expect(costs.freeAt({ tokens: 50 })).toBe(1000);
    costs.record(1000, {}, 1000);
    expect(costs.freeAt({ tokens: 100 })).toBe(-Infinity);
  },
);

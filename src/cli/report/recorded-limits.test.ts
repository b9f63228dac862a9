import { describe, expect, it } from 'vitest';
import { limitsOf } from './recorded-limits.js';

const intra = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];

describe('limitsOf', () => {
  it('finds the limits among the options', () => {
    expect(limitsOf({ maxRetries: 3, limits: intra })).toEqual(intra);
  });

  it.each([undefined, 'none', [1], [null], [{ requests: '2', perMs: 1000 }], [{ requests: 2 }]])(
    'takes %j for none',
    (limits) => {
      expect(limitsOf({ limits })).toEqual([]);
    },
  );
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perSecond, rateOf } from './limit.js';

describe('perSecond', () => {
  it('is that many in a second for a whole number', () => {
    expect(perSecond(2)).toEqual({ requests: 2, perMs: 1000 });
  });

  it('stretches the window for a number that is not whole', () => {
    expect(perSecond(0.5)).toEqual({ requests: 1, perMs: 2000 });
    expect(perSecond(1.9).requests).toBe(2);
    expect(perSecond(1.9).perMs).toBeCloseTo(1052.63, 2);
  });

  it('admits the rate that was asked, and in no second more than the next whole number', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 10_000, noNaN: true }), (rate) => {
        const limit = perSecond(rate);
        expect(rateOf(limit)).toBeCloseTo(rate, 6);
        expect(limit.requests).toBe(Math.max(1, Math.ceil(rate)));
        expect(limit.perMs).toBeGreaterThanOrEqual(1000 * (1 - 1e-12));
      }),
      { numRuns: 300 },
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limit } from './limit.js';
import { limitsIn, tightened } from './told-limits.js';

const perSecond = (requests: number): Limit => ({ requests, perMs: 1000 });
const perHour = (requests: number): Limit => ({ requests, perMs: 3_600_000 });

describe('the limits that are told', () => {
  it('are those of which both requests and length are', () => {
    const window = { name: 'x', remaining: 1, resetMs: 1 };
    const windows = [
      { ...window, requests: 5, perMs: 1000 },
      { ...window, requests: undefined, perMs: 1000 },
      { ...window, requests: 5, perMs: undefined },
    ];
    expect(limitsIn(windows)).toEqual([perSecond(5)]);
  });

  it('replace those of the same length where they are tighter', () => {
    expect(tightened([perSecond(8), perHour(1800)], [perSecond(2)])).toEqual([
      perSecond(2),
      perHour(1800),
    ]);
  });

  it('change nothing where they are looser or the same', () => {
    const assumed = [perSecond(2), perHour(1200)];
    const looser = [perSecond(2), perSecond(8), perHour(9000), { requests: 2, perMs: 500 }];
    expect(tightened(assumed, looser)).toBe(assumed);
  });

  it('come beside the others where those admit more', () => {
    const perMinute = { requests: 100, perMs: 60_000 };
    expect(tightened([perSecond(2)], [perMinute])).toEqual([perSecond(2), perMinute]);
    expect(tightened([perSecond(2)], [{ requests: 120, perMs: 60_000 }])).toHaveLength(1);
    expect(tightened([perSecond(2)], [{ requests: 1, perMs: 500 }])).toHaveLength(2);
  });

  it('leave limits that fulfil both what was assumed and what is told', () => {
    const limit = fc.record({
      requests: fc.integer({ min: 1, max: 50 }),
      perMs: fc.constantFrom(100, 500, 700, 1000, 60_000),
    });
    const limits = fc.array(limit, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(limits, limits, (assumed, told) => {
        const kept = tightened(assumed, told);
        for (const { requests, perMs } of [...assumed, ...told]) {
          const most = Math.min(...kept.map((one) => Math.ceil(perMs / one.perMs) * one.requests));
          expect(most).toBeLessThanOrEqual(requests);
        }
      }),
    );
  });
});

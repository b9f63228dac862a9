import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestsAdmitted, sustainedRate } from './allowance.js';

const HOUR_MS = 3_600_000;
const intra = [
  { requests: 2, perMs: 1000 },
  { requests: 1200, perMs: HOUR_MS },
];

describe('requestsAdmitted', () => {
  it.each([
    ['half a second', 500, 1],
    ['a minute', 60_000, 120],
    ['ten minutes, which use the hour up', 600_000, 1200],
    ['the rest of the hour, which adds nothing', HOUR_MS, 1200],
    ['the first second of the next hour', HOUR_MS + 1000, 1202],
    ['a day', 24 * HOUR_MS, 28_800],
  ])('admits in %s what both windows admit', (_, durationMs, requests) => {
    expect(requestsAdmitted(intra, durationMs)).toBe(requests);
  });

  it('admits anything when there are no limits', () => {
    expect(requestsAdmitted([], 1)).toBe(Infinity);
  });

  it('counts the hour by what its minutes admit', () => {
    const three = [...intra, { requests: 30, perMs: 60_000 }];
    expect(requestsAdmitted(three, 600_000)).toBe(300);
    expect(requestsAdmitted(three, HOUR_MS)).toBe(1200);
    expect(requestsAdmitted(three, HOUR_MS + 600_000)).toBe(1500);
  });

  it('takes no window for full before it is, however the numbers round', () => {
    const odd = { requests: 2, perMs: 2000 / 1.9 };
    const limits = [{ requests: 1, perMs: 10 }, odd];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (windows) => {
        const admitted = requestsAdmitted(limits, windows * odd.perMs * (1 - 1e-15));
        expect(admitted).toBeLessThanOrEqual(2 * windows * (1 + 1e-9));
      }),
    );
  });

  const limit = fc.record({
    requests: fc.integer({ min: 1, max: 5000 }),
    perMs: fc.integer({ min: 1, max: 1e7 }),
  });
  const limits = fc.array(limit, { minLength: 1, maxLength: 4 });
  const ms = fc.integer({ min: 0, max: 1e8 });

  it('never admits less in more time', () => {
    fc.assert(
      fc.property(limits, ms, ms, (all, a, b) => {
        const inLess = requestsAdmitted(all, Math.min(a, b));
        const inMore = requestsAdmitted(all, Math.max(a, b));
        expect(inMore).toBeGreaterThanOrEqual(inLess * (1 - 1e-9));
      }),
    );
  });

  it('never admits more than any one of the limits', () => {
    fc.assert(
      fc.property(limits, ms, (all, durationMs) => {
        const admitted = requestsAdmitted(all, durationMs);
        for (const { requests, perMs } of all) {
          const alone = requests * Math.ceil(durationMs / perMs);
          expect(admitted).toBeLessThanOrEqual(alone * (1 + 1e-9));
        }
      }),
    );
  });
});

describe('sustainedRate', () => {
  it('is that of the tightest limit', () => {
    expect(sustainedRate(intra)).toBeCloseTo(1 / 3, 9);
  });
});

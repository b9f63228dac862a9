import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, parkingMs } from './backoff.js';

const settings = { retryDelayMs: 500, retryDelayFactor: 1.1, maxRetryDelayMs: 60_000 };

describe('backoffMs', () => {
  it('is a random share of a bound that grows by the factor', () => {
    expect(backoffMs(settings, 1, () => 0.5)).toBe(250);
    expect(backoffMs(settings, 3, () => 0.5)).toBeCloseTo(302.5, 9);
    expect(backoffMs(settings, 3, () => 0)).toBe(0);
  });

  it('never exceeds the longest delay', () => {
    expect(backoffMs(settings, 10_000, () => 0.999)).toBeLessThan(60_000);
  });

  it('is a number from 0 to the longest delay for all settings that the options admit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retryDelayMs, retryDelayFactor, maxRetryDelayMs, retry, share) => {
          const delay = backoffMs(
            { retryDelayMs, retryDelayFactor, maxRetryDelayMs },
            retry,
            () => share,
          );
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(maxRetryDelayMs);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is 0 for a delay of 0, however many retries there were', () => {
    const none = { retryDelayMs: 0, retryDelayFactor: 10, maxRetryDelayMs: 1000 };
    expect(backoffMs(none, 500, () => 0.9)).toBe(0);
  });
});

describe('parkingMs', () => {
  it('is 1 s, doubling to 5 min', () => {
    const parkings = [1, 2, 3, 4, 8, 9, 10, 2000].map(parkingMs);
    expect(parkings).toEqual([1000, 2000, 4000, 8000, 128_000, 256_000, 300_000, 300_000]);
  });
});

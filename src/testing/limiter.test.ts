import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter, limiterKinds } from './limiter.js';

/** Times at which requests arrive, ascending. */
const arrivals = fc
  .array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 80 })
  .map((gaps) => {
    let time = 0;
    return gaps.map((gap) => (time += gap));
  });

function admitted(
  kind: (typeof limiterKinds)[number],
  requests: number,
  perMs: number,
  times: number[],
): number[] {
  const limiter = createLimiter(kind, requests, perMs);
  return times.filter((time) => {
    if (limiter.freeInMs(time) > 0) return false;
    limiter.admit(time);
    return true;
  });
}

function highest(times: readonly number[], perMs: number): number {
  return Math.max(
    0,
    ...times.map((end) => times.filter((time) => time > end - perMs && time <= end).length),
  );
}

describe('a sliding window', () => {
  it('admits what no window forbids, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 1500 }),
        arrivals,
        (requests, perMs, times) => {
          const inside: number[] = [];
          for (const time of times) {
            if (inside.filter((other) => other > time - perMs).length < requests) inside.push(time);
          }
          expect(admitted('sliding-window', requests, perMs, times)).toEqual(inside);
          expect(highest(inside, perMs)).toBeLessThanOrEqual(requests);
        },
      ),
    );
  });

  it('admits the next one exactly when the oldest has left, not before', () => {
    const limiter = createLimiter('sliding-window', 2, 1000);
    limiter.admit(0);
    limiter.admit(300);
    expect(limiter.freeInMs(999)).toBe(1);
    expect(limiter.freeInMs(1000)).toBe(0);
    expect(limiter.remaining(1000)).toBe(1);
  });
});

describe('a fixed window', () => {
  it('counts anew when the next window begins', () => {
    expect(admitted('fixed-window', 2, 1000, [900, 950, 990, 1000, 1001, 1002])).toEqual([
      900, 950, 1000, 1001,
    ]);
  });
});

describe('a token bucket', () => {
  it('starts full and refills evenly', () => {
    expect(admitted('token-bucket', 2, 1000, [0, 1, 2, 499, 502, 1002])).toEqual([0, 1, 502, 1002]);
  });
});

describe('every limiter', () => {
  it.each(limiterKinds)('%s tells for how long it is closed', (kind) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 10, max: 1000 }),
        arrivals,
        (requests, perMs, times) => {
          const limiter = createLimiter(kind, requests, perMs);
          for (const time of times) {
            const wait = limiter.freeInMs(time);
            expect(wait).toBeGreaterThanOrEqual(0);
            expect(wait).toBeLessThanOrEqual(perMs);
            expect(limiter.freeInMs(time + wait + 1e-6)).toBeLessThan(1e-5);
            if (wait === 0) limiter.admit(time);
          }
        },
      ),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limit } from './limit.js';
import { SlidingWindows } from './sliding-windows.js';

const limit = fc.record({
  requests: fc.integer({ min: 1, max: 40 }),
  perMs: fc.integer({ min: 1, max: 5000 }),
});
const limits = fc.array(limit, { minLength: 1, maxLength: 4 });
const pauses = fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 150 });

/** The same, without cleverness: looks at every time that was ever recorded. */
class NaiveWindows {
  readonly times: number[] = [];
  readonly limits: readonly Limit[];
  constructor(ofLimits: readonly Limit[]) {
    this.limits = ofLimits;
  }
  nextFreeAt(): number {
    const freeAt = this.limits.map(({ requests, perMs }) => {
      const newestFirst = this.times.toSorted((a, b) => b - a);
      return (newestFirst[requests - 1] ?? -Infinity) + perMs;
    });
    return Math.max(...freeAt);
  }
}

function highestIn(times: readonly number[], perMs: number): number {
  return Math.max(
    0,
    ...times.map((end) => times.filter((time) => time > end - perMs && time <= end).length),
  );
}

describe('SlidingWindows', () => {
  it('is free at once while no window is full', () => {
    const windows = new SlidingWindows([{ requests: 2, perMs: 1000 }]);
    expect(windows.nextFreeAt()).toBe(-Infinity);
    windows.record(0);
    expect(windows.nextFreeAt()).toBe(-Infinity);
  });

  it('is free again a window after the request that makes room', () => {
    const windows = new SlidingWindows([{ requests: 2, perMs: 1000 }]);
    windows.record(100);
    windows.record(300);
    expect(windows.nextFreeAt()).toBe(1100);
    windows.record(1100);
    expect(windows.nextFreeAt()).toBe(1300);
  });

  it('obeys the strictest of several windows', () => {
    const windows = new SlidingWindows([
      { requests: 2, perMs: 1000 },
      { requests: 3, perMs: 60_000 },
    ]);
    for (const time of [0, 1, 1001]) windows.record(time);
    expect(windows.nextFreeAt()).toBe(60_000);
  });

  it('never exceeds a window when each request waits for the next free time', () => {
    fc.assert(
      fc.property(limits, pauses, (someLimits, somePauses) => {
        const windows = new SlidingWindows(someLimits);
        const sent: number[] = [];
        let now = 0;
        for (const pause of somePauses) {
          now = Math.max(now + pause, windows.nextFreeAt());
          windows.record(now);
          sent.push(now);
        }
        for (const { requests, perMs } of someLimits) {
          expect(highestIn(sent, perMs)).toBeLessThanOrEqual(requests);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts a request from the time that it is corrected to, in whatever order they are', () => {
    const late = fc.record({
      pause: fc.integer({ max: 300, min: 0 }),
      by: fc.integer({ min: 0, max: 400 }),
    });
    fc.assert(
      fc.property(
        limits,
        fc.array(late, { minLength: 1, maxLength: 120 }),
        (someLimits, requests) => {
          const windows = new SlidingWindows(someLimits);
          const naive = new NaiveWindows(someLimits);
          let now = 0;
          for (const { pause, by } of requests) {
            now = Math.max(now + pause, windows.nextFreeAt());
            windows.record(now + 200);
            windows.correct(now + 200, now + by);
            naive.times.push(now + by);
          }
          expect(windows.nextFreeAt()).toBe(naive.nextFreeAt());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves its times as they are when told of one that it does not hold any more', () => {
    const windows = new SlidingWindows([{ requests: 2, perMs: 1000 }]);
    for (const time of [0, 10, 20]) windows.record(time);
    windows.correct(0, 500);
    expect(windows.recent(20)).toEqual([10, 20]);
  });

  it('makes the shortest window longer for an app that may use a part of its rate', () => {
    const windows = new SlidingWindows([
      { requests: 1, perMs: 700 },
      { requests: 1, perMs: 900 },
    ]);
    windows.record(0);
    expect([windows.nextFreeAt(), windows.nextFreeAt(0.7)]).toEqual([900, 700 / 0.7]);
  });

  it('gives the same times as looking through everything that was sent, also when overfull', () => {
    fc.assert(
      fc.property(limits, pauses, (someLimits, somePauses) => {
        const windows = new SlidingWindows(someLimits);
        const naive = new NaiveWindows(someLimits);
        let now = 0;
        for (const pause of somePauses) {
          now += pause;
          windows.record(now);
          naive.times.push(now);
          expect(windows.nextFreeAt()).toBe(naive.nextFreeAt());
        }
      }),
      { numRuns: 150 },
    );
  });

  it('can be rebuilt from its recent times: the next free times do not change', () => {
    fc.assert(
      fc.property(limits, pauses, (someLimits, somePauses) => {
        const windows = new SlidingWindows(someLimits);
        let now = 0;
        for (const pause of somePauses) windows.record((now += pause));
        const rebuilt = new SlidingWindows(someLimits);
        for (const time of windows.recent(now)) rebuilt.record(time);
        const atLeastNow = (freeAt: number): number => Math.max(freeAt, now);
        expect(atLeastNow(rebuilt.nextFreeAt())).toBe(atLeastNow(windows.nextFreeAt()));
      }),
      { numRuns: 200 },
    );
  });

  it('lists recent times oldest first, and only those in the longest window', () => {
    const windows = new SlidingWindows([
      { requests: 100, perMs: 1000 },
      { requests: 50, perMs: 100 },
    ]);
    for (const time of [0, 500, 900, 1400]) windows.record(time);
    expect(windows.recent(1400)).toEqual([500, 900, 1400]);
    expect(windows.recent(1500)).toEqual([900, 1400]);
  });

  it('keeps every time while its log grows to thousands', () => {
    const windows = new SlidingWindows([{ requests: 5000, perMs: 1e9 }]);
    for (let time = 0; time < 5000; time++) windows.record(time);
    expect(windows.recent(5000)).toEqual(Array.from({ length: 5000 }, (_, index) => index));
    windows.record(5000);
    expect(windows.nextFreeAt()).toBe(1 + 1e9);
  });

  it('is given back a request that turns out to count in no window', () => {
    const windows = new SlidingWindows([
      { requests: 2, perMs: 100 },
      { requests: 3, perMs: 1000 },
    ]);
    for (const time of [0, 10, 200]) windows.record(time);
    expect(windows.nextFreeAt()).toBe(1000);
    windows.correct(10, -Infinity);
    expect([windows.nextFreeAt(), windows.recent(200)]).toEqual([100, [0, 200]]);
    windows.record(300);
    expect([windows.nextFreeAt(), windows.recent(300)]).toEqual([1000, [0, 200, 300]]);
  });

  it('knows the rate that its shortest window admits', () => {
    const windows = new SlidingWindows([
      { requests: 1200, perMs: 3_600_000 },
      { requests: 2, perMs: 500 },
    ]);
    expect(windows.shortestRate).toBe(4);
  });

  it('without limits admit everything, and remember nothing', () => {
    const windows = new SlidingWindows([]);
    for (let i = 0; i < 100; i++) windows.record(5);
    windows.correct(5, 1);
    expect(windows.nextFreeAt(0.5)).toBe(-Infinity);
    expect([windows.recent(0), windows.countSince(0), windows.shorterMs]).toEqual([[], 0, 0]);
    const limited = windows.withLimits([{ requests: 1, perMs: 10 }], 5);
    limited.record(5);
    expect(limited.nextFreeAt()).toBe(15);
  });
});

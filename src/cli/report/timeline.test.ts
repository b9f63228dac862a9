import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeBuckets } from './time-buckets.js';
import { makeTimeline } from './timeline.js';

const START_MS = Date.UTC(2026, 10, 24, 8, 0, 0);

function bucketsOf(times: readonly number[], maxBuckets = 100): TimeBuckets {
  const buckets = new TimeBuckets(maxBuckets);
  for (const [index, atMs] of times.entries()) buckets.add(atMs, index % 3 !== 0);
  return buckets;
}

function session(fromS: number, toS: number): { startedAtMs: number; endedAtMs: number } {
  return { startedAtMs: START_MS + fromS * 1000, endedAtMs: START_MS + toS * 1000 };
}

const times = fc.array(fc.integer({ min: START_MS, max: START_MS + 40 * 86_400_000 }), {
  maxLength: 300,
});

describe('TimeBuckets', () => {
  it('keeps all counts, in few buckets, whatever the order and the span', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 50 }), (all, maxBuckets) => {
        const buckets = bucketsOf(all, maxBuckets);
        const list = buckets.list();
        expect(list.length).toBeLessThanOrEqual(maxBuckets);
        expect(list.reduce((sum, b) => sum + b.failed, 0)).toBe(Math.ceil(all.length / 3));
        expect(list.reduce((sum, b) => sum + b.succeeded + b.failed, 0)).toBe(all.length);
        for (const { startMs } of list) expect(startMs % buckets.widthMs).toBe(0);
      }),
    );
  });

  it('gives the same buckets as if it had begun with their width', () => {
    fc.assert(
      fc.property(times, (all) => {
        const late = bucketsOf(all, 5);
        const early = new TimeBuckets(1e9);
        while (early.widthMs < late.widthMs) early.widen();
        for (const [index, atMs] of all.entries()) early.add(atMs, index % 3 !== 0);
        expect(late.list()).toEqual(early.list());
      }),
    );
  });
});

describe('makeTimeline', () => {
  it('shows no more points than asked for, with all outcomes in them', () => {
    const sessions = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 1e6 })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(times, sessions, fc.integer({ min: 1, max: 60 }), (all, spans, maxPoints) => {
        const { points } = makeTimeline(
          bucketsOf(all),
          spans.map(([from, length]) => session(from, from + length)),
          maxPoints,
        );
        expect(points.length).toBeLessThanOrEqual(maxPoints);
        expect(points.reduce((sum, p) => sum + p.succeeded + p.failed, 0)).toBe(all.length);
        for (const { activeMs } of points) expect(activeMs).toBeGreaterThan(0);
      }),
    );
  });

  it('shows the seconds of a session in which nothing came, and none between sessions', () => {
    const buckets = bucketsOf([START_MS + 200, START_MS + 3600, START_MS + 60_100]);
    const { bucketMs, points } = makeTimeline(buckets, [session(0, 4), session(60, 62)], 100);
    expect(bucketMs).toBe(1000);
    expect(points.map((p) => [(p.startMs - START_MS) / 1000, p.succeeded + p.failed])).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 1],
      [60, 1],
      [61, 0],
    ]);
  });

  it('says which part of a bucket a session had', () => {
    const { points } = makeTimeline(bucketsOf([START_MS + 700]), [session(0.5, 1.25)], 100);
    expect(points.map((p) => p.activeMs)).toEqual([500, 250]);
  });

  it('lets a session that crashed last until its last outcome, not into the next one', () => {
    const buckets = bucketsOf([START_MS + 500, START_MS + 5500, START_MS + 9900]);
    const { points } = makeTimeline(buckets, [session(0, 2), session(9.5, 11)], 100);
    expect(points.map((p) => (p.startMs - START_MS) / 1000)).toEqual([0, 1, 2, 3, 4, 5, 9, 10]);
    expect(points.map((p) => p.activeMs)).toEqual([1000, 1000, 1000, 1000, 1000, 1000, 500, 1000]);
  });
});

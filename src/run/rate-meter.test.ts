import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

describe('a rate meter', () => {
  it('tells nothing before the first count, and nothing long after the last', () => {
    const meter = new RateMeter();
    expect(meter.rate(5000)).toBe(0);
    meter.add(10, 5000);
    expect(meter.rate(5000)).toBe(10);
    expect(meter.rate(17_000)).toBe(0);
    expect(meter.rate(1e9)).toBe(0);
  });

  it('tells the mean since the first count where that is less than 10 seconds', () => {
    const meter = new RateMeter();
    for (let second = 0; second < 4; second++) meter.add(6, 100_500 + second * 1000);
    expect(meter.rate(104_500)).toBe(6);
  });

  it('forgets what is older than 10 seconds', () => {
    const meter = new RateMeter();
    meter.add(1_000_000, 500);
    for (let second = 20; second <= 40; second++) meter.add(3, second * 1000 + 500);
    expect(meter.rate(40_999)).toBeCloseTo(3, 0);
  });

  it('is that of the counts of the last 10 to 11 seconds, whatever came before', () => {
    const step = fc.record({ afterMs: fc.integer({ min: 0, max: 4000 }), count: fc.nat(50) });
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 60 }),
        fc.nat(1e7),
        (steps, startMs) => {
          const meter = new RateMeter();
          let nowMs = startMs;
          const counts: [atMs: number, count: number][] = [];
          for (const { afterMs, count } of steps) {
            nowMs += afterMs;
            meter.add(count, nowMs);
            counts.push([nowMs, count]);
          }
          const [[firstMs]] = counts as [[number, number]];
          const fromMs = (Math.floor(nowMs / 1000) - 10) * 1000;
          const sum = counts.reduce((all, [atMs, count]) => all + (atMs >= fromMs ? count : 0), 0);
          const overMs = Math.max(nowMs - Math.max(firstMs, fromMs), 1000);
          expect(meter.rate(nowMs)).toBeCloseTo((sum * 1000) / overMs, 6);
        },
      ),
    );
  });
});

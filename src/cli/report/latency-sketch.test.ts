import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencySketch, RELATIVE_ERROR, SMALLEST_MS } from './latency-sketch.js';

const durations = fc.array(fc.double({ min: SMALLEST_MS, max: 1e8, noNaN: true }), {
  minLength: 1,
  maxLength: 200,
});

function sketchOf(all: readonly number[]): LatencySketch {
  const sketch = new LatencySketch();
  for (const ms of all) sketch.add(ms);
  return sketch;
}

describe('LatencySketch', () => {
  it('gives every percentile to within its error bound', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1, noNaN: true }), (all, fraction) => {
        const sorted = all.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(fraction * all.length) - 1)]!;
        const error = Math.abs(sketchOf(all).percentile(fraction) - exact) / exact;
        expect(error).toBeLessThanOrEqual(RELATIVE_ERROR + 1e-9);
      }),
    );
  });

  it('knows the shortest and the longest exactly', () => {
    fc.assert(
      fc.property(durations, (all) => {
        const sketch = sketchOf(all);
        expect([sketch.minMs, sketch.maxMs]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
    );
  });

  it('puts every duration into one of few bins that follow each other', () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 80 }), (all, maxBins) => {
        const bins = sketchOf(all).bins(maxBins);
        expect(bins.length).toBeLessThanOrEqual(maxBins);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        for (const bin of bins) expect(bin.toMs).toBeGreaterThan(bin.fromMs);
        const starts = bins.slice(1).map(({ fromMs }) => fromMs);
        expect(starts).toEqual(bins.slice(0, -1).map(({ toMs }) => toMs));
        expect(bins[0]!.count).toBeGreaterThan(0);
        expect(bins.at(-1)!.count).toBeGreaterThan(0);
      }),
    );
  });

  it('counts a duration of nothing as the smallest', () => {
    expect(sketchOf([0, 0]).percentile(0.5)).toBe(SMALLEST_MS);
  });

  it('says 0 of everything when it is empty', () => {
    const { count, minMs, maxMs, meanMs } = new LatencySketch();
    expect([count, minMs, maxMs, meanMs, new LatencySketch().percentile(0.5)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(new LatencySketch().bins(10)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { decadesOf, movedApart } from './decades.mjs';

describe('decadesOf', () => {
  it('goes from the power of ten below all numbers to the one above', () => {
    expect(decadesOf([35, 1500])).toEqual([10, 100, 1000, 10_000]);
    expect(decadesOf([50])).toEqual([10, 100]);
  });
});

describe('movedApart', () => {
  it('moves those that are too close, and only those', () => {
    const labels = [{ decade: 2 }, { decade: 1 }, { decade: 1.05 }];
    expect(movedApart(labels, 0.5).map(({ decade }) => decade)).toEqual([1, 1.5, 2]);
  });
});

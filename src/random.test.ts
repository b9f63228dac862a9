import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom, systemRandom } from './random.js';

const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));

describe('seededRandom', () => {
  it('repeats itself for the same seed, and only then', () => {
    expect(take(42)).toEqual(take(42));
    expect(take(42)).not.toEqual(take(43));
  });

  it('gives numbers from 0, included, to 1, excluded, for any seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seededRandom(seed);
        for (let i = 0; i < 50; i++) {
          const number = random();
          expect(number >= 0 && number < 1).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('spreads them evenly', () => {
    const random = seededRandom(7);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('systemRandom', () => {
  it('gives numbers from 0 to 1', () => {
    const number = systemRandom();
    expect(number >= 0 && number < 1).toBe(true);
  });
});

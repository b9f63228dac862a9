import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HydraError } from '../errors.js';
import { LoopGuard } from './loop-guard.js';

/** How many pages are read before it is found that they lead back; `undefined` where they do not. */
function readUntilFound(next: (page: number) => number, atMost: number): number | undefined {
  const guard = new LoopGuard();
  let page = 0;
  for (let index = 0; index < atMost; index++) {
    try {
      guard.check({ index, url: '/' }, `page-${page}`, `page-${next(page)}`);
    } catch (error) {
      if ((error as HydraError).code !== 'HYDRA_PAGINATION') throw error;
      return index + 1;
    }
    page = next(page);
  }
  return undefined;
}

describe('the guard against pages that lead in circles', () => {
  it('finds every circle, wherever it begins and however long it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (before, length) => {
          const last = before + length - 1;
          const next = (page: number): number => (page === last ? before : page + 1);
          const found = readUntilFound(next, 10_000);
          expect(found).toBeGreaterThanOrEqual(before + length);
          expect(found).toBeLessThanOrEqual(3 * (before + length) + 2);
        },
      ),
    );
  });

  it('finds a page that leads to itself at once', () => {
    expect(readUntilFound((page) => Math.min(page + 1, 57), 10_000)).toBe(58);
  });

  it('lets pages through that lead on', () => {
    expect(readUntilFound((page) => page + 1, 10_000)).toBeUndefined();
  });
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimerHeap } from './timer-heap.js';

it('gives the earliest first, and those of the same time in the order of adding', () => {
  const times = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 });
  fc.assert(
    fc.property(times, fc.nat(200), (timesMs, takenBetween) => {
      const heap = new TimerHeap<{ atMs: number; order: number }>();
      const taken: { atMs: number; order: number }[] = [];
      const take = (): void => {
        const { first } = heap;
        if (first === undefined) return;
        expect(heap.firstAtMs).toBe(first.atMs);
        taken.push(first);
        heap.pop();
      };
      for (const [order, atMs] of timesMs.entries()) {
        // Some are taken while later ones are still to come.
        if (order % (takenBetween + 2) === takenBetween) take();
        heap.push(
          { atMs: atMs + (taken.at(-1)?.atMs ?? 0), order },
          atMs + (taken.at(-1)?.atMs ?? 0),
        );
      }
      while (heap.first !== undefined) take();
      const sorted = taken.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order);
      expect(taken).toEqual(sorted);
      expect(taken).toHaveLength(timesMs.length);
    }),
  );
});

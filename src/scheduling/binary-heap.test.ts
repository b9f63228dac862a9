import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinaryHeap } from './binary-heap.js';

describe('BinaryHeap', () => {
  it('has nothing first while it is empty', () => {
    const heap = new BinaryHeap<number>((a, b) => a < b);
    expect([heap.peek(), heap.pop(), heap.size]).toEqual([undefined, undefined, 0]);
  });

  it('gives the smallest first, whatever was added and taken before', () => {
    const step = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant('pop' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new BinaryHeap<number>((a, b) => a < b);
        let model: number[] = [];
        const popped: (number | undefined)[][] = [];
        for (const one of steps) {
          if (one === 'pop') {
            popped.push([heap.pop(), model.shift()]);
          } else {
            heap.push(one);
            model = [...model, one].toSorted((a, b) => a - b);
          }
          expect(heap.peek()).toBe(model[0]);
          expect(heap.size).toBe(model.length);
        }
        for (const [got, expected] of popped) expect(got).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});

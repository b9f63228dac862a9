import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedHeap } from './keyed-heap.js';

type Step = readonly ['push' | 'lower', item: number, key: number] | readonly ['pop'];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(
    fc.constantFrom('push' as const, 'lower' as const),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: -50, max: 50 }),
  ),
  fc.constant(['pop'] as const),
);

describe('KeyedHeap', () => {
  it('has nothing first while it is empty', () => {
    const heap = new KeyedHeap();
    expect([heap.first, heap.firstKey, heap.pop()]).toEqual([undefined, undefined, undefined]);
    expect(heap.size).toBe(0);
  });

  it('gives the least key first, whatever was added, taken and lowered before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const heap = new KeyedHeap();
        const model = new Map<number, number>();
        const firsts: (readonly [taken: number, seen: number | undefined])[] = [];
        const taken: (readonly [key: number | undefined, least: number])[] = [];
        for (const [what, item = 0, key = 0] of steps) {
          const known = model.get(item);
          if (what === 'push' && known === undefined) {
            heap.push(item, key);
            model.set(item, key);
          } else if (what === 'lower') {
            heap.lower(item, key);
            if (known !== undefined) model.set(item, Math.min(known, key));
          } else if (what === 'pop' && model.size > 0) {
            const before = heap.first;
            const first = heap.pop() as number;
            firsts.push([first, before]);
            taken.push([model.get(first), Math.min(...model.values())]);
            model.delete(first);
          }
          expect(heap.size).toBe(model.size);
          expect(heap.firstKey).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
        }
        for (const [first, seen] of firsts) expect(first).toBe(seen);
        for (const [key, least] of taken) expect(key).toBe(least);
      }),
      { numRuns: 300 },
    );
  });
});

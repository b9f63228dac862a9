import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestQueue } from './request-queue.js';

interface Named {
  readonly name: number;
  readonly priority: number;
}

let names = 0;
const job = (priority = 0): Named => ({ name: names++, priority });

describe('RequestQueue', () => {
  it('gives requests of one priority in the order of asking', () => {
    const queue = new RequestQueue<Named>();
    const [a, b, c] = [job(), job(), job()];
    for (const one of [a, b, c]) queue.push(one);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([
      a,
      b,
      c,
      undefined,
    ]);
  });

  it('gives a higher priority first, whenever it came', () => {
    const queue = new RequestQueue<Named>();
    const [low, middle, high] = [job(-1), job(), job(7)];
    for (const one of [middle, low, high]) queue.push(one);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([high, middle, low]);
  });

  it('gives requests that come back before those that were never sent', () => {
    const queue = new RequestQueue<Named>();
    const [fresh, again] = [job(), job()];
    queue.push(fresh);
    queue.pushAgain(again);
    expect(queue.shift()).toBe(again);
  });

  it('gives up the first that matches in the order of sending, and leaves delayed ones aside', () => {
    const queue = new RequestQueue<Named>();
    const [low, fresh, again, high, late] = [job(-1), job(), job(), job(7), job()];
    for (const one of [low, fresh, high]) queue.push(one);
    queue.pushAgain(again);
    queue.pushDelayed(late, 100);
    const matches = (one: Named): boolean => one !== high;
    const taken = Array.from({ length: 4 }, () => queue.takeFirst(matches));
    expect(taken).toEqual([again, fresh, low, undefined]);
    expect([queue.ready, queue.delayed, queue.shift()]).toEqual([1, 1, high]);
  });

  it('keeps delayed requests aside until they are due, the earliest first', () => {
    const queue = new RequestQueue<Named>();
    const [late, early, alsoEarly] = [job(), job(), job()];
    queue.pushDelayed(late, 300);
    queue.pushDelayed(early, 100);
    queue.pushDelayed(alsoEarly, 100);
    expect([queue.ready, queue.delayed, queue.nextDueAt]).toEqual([0, 3, 100]);
    queue.promoteDue(99);
    expect(queue.shift()).toBeUndefined();
    queue.promoteDue(100);
    expect([queue.ready, queue.delayed, queue.nextDueAt]).toEqual([2, 1, 300]);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([early, alsoEarly, undefined]);
  });

  it('drains everything, delayed requests too', () => {
    const queue = new RequestQueue<Named>();
    queue.push(job());
    queue.pushDelayed(job(), 1e9);
    queue.pushAgain(job(3));
    expect(queue.drain()).toHaveLength(3);
    expect([queue.ready, queue.delayed, queue.nextDueAt]).toEqual([0, 0, undefined]);
  });

  it('agrees with sorting by priority, then coming back, then order', () => {
    const step = fc.oneof(
      fc.record({ priority: fc.integer({ min: -3, max: 3 }), again: fc.boolean() }),
      fc.constant('shift' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new RequestQueue<Named>();
        let model: (Named & { again: boolean })[] = [];
        const taken: (number | undefined)[][] = [];
        for (const one of steps) {
          if (one === 'shift') {
            taken.push([queue.shift()?.name, model.shift()?.name]);
          } else {
            const added = { ...job(one.priority), again: one.again };
            if (one.again) queue.pushAgain(added);
            else queue.push(added);
            model = [...model, added].toSorted(
              (a, b) => b.priority - a.priority || Number(b.again) - Number(a.again),
            );
          }
          expect(queue.ready).toBe(model.length);
        }
        for (const [got, expected] of taken) expect(got).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('bears a priority of its own for each of 50,000 requests', () => {
    const queue = new RequestQueue<Named>();
    const priorities = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_000);
    for (const priority of priorities) queue.push({ name: priority, priority });
    const taken = priorities.map(() => queue.shift()?.priority ?? -1);
    expect(taken).toEqual(priorities.toSorted((a, b) => b - a));
    expect(queue.ready).toBe(0);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOWER_SHARE, RequestQueue } from './request-queue.js';

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

  it('gives one of ten to lower priorities, each in its turn, while a higher one has requests', () => {
    const queue = new RequestQueue<Named>();
    for (let i = 0; i < 100; i++) {
      queue.push(job(5));
      queue.push(job(1));
      queue.push(job(-2));
    }
    const taken = Array.from({ length: 60 }, () => queue.shift()?.priority);
    const lower = taken.flatMap((priority, index) => (priority === 5 ? [] : [[index, priority]]));
    expect(lower).toEqual([
      [9, 1],
      [19, -2],
      [29, 1],
      [39, -2],
      [49, 1],
      [59, -2],
    ]);
  });

  it('does not save turns up: where only one priority waits, none is due', () => {
    const queue = new RequestQueue<Named>();
    for (let i = 0; i < 50; i++) queue.push(job(1));
    for (let i = 0; i < 25; i++) queue.shift();
    queue.push(job(0));
    const taken = Array.from({ length: 10 }, () => queue.shift()?.priority);
    expect(taken).toEqual([...Array.from({ length: 9 }, () => 1), 0]);
  });

  it('lets nothing starve, whatever comes in with a higher priority', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(arrivals, fc.nat({ max: 4 }), (priorities, atOnce) => {
        const queue = new RequestQueue<Named>();
        const waiting = priorities.map((priority) => job(priority));
        for (const one of waiting) queue.push(one);
        const left = new Set(waiting);
        // Within its lane each has those before it; seven priorities wait at once.
        const atMost = waiting.length * 7 * LOWER_SHARE;
        for (let taken = 0; taken < atMost && left.size > 0; taken++) {
          for (let i = 0; i <= atOnce; i++) queue.push(job(6));
          const one = queue.shift();
          if (one !== undefined) left.delete(one);
        }
        expect([...left]).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('gives each waiting priority its turn within ten requests for each of them', () => {
    const step = fc.oneof(
      fc.record({ priority: fc.integer({ min: 0, max: 4 }), again: fc.boolean() }),
      fc.constant('shift' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new RequestQueue<Named>();
        const sizes = [0, 0, 0, 0, 0];
        const passedOver = [0, 0, 0, 0, 0];
        let longest = 0;
        for (const one of steps) {
          if (one === 'shift') {
            const priority = queue.shift()?.priority;
            if (priority !== undefined) sizes[priority] = (sizes[priority] ?? 0) - 1;
            sizes.forEach((size, lane) => {
              const isPassedOver = size > 0 && lane !== priority;
              passedOver[lane] = isPassedOver ? (passedOver[lane] ?? 0) + 1 : 0;
              longest = Math.max(longest, passedOver[lane] ?? 0);
            });
          } else {
            const { priority, again } = one;
            sizes[priority] = (sizes[priority] ?? 0) + 1;
            if (again) queue.pushAgain(job(priority));
            else queue.push(job(priority));
          }
          expect(queue.ready).toBe(sizes.reduce((sum, size) => sum + size));
        }
        expect(longest).toBeLessThanOrEqual(5 * LOWER_SHARE);
      }),
      { numRuns: 200 },
    );
  });

  it('agrees with sorting by priority, then coming back, then order, but for the turns of lower ones', () => {
    const step = fc.oneof(
      fc.record({ priority: fc.integer({ min: -3, max: 3 }), again: fc.boolean() }),
      fc.constant('shift' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const queue = new RequestQueue<Named>();
        let model: (Named & { again: boolean })[] = [];
        let sinceTurn = 0;
        const taken: (number | undefined)[][] = [];
        const turnsOfHighest: Named[] = [];
        for (const one of steps) {
          if (one === 'shift') {
            const [first] = model;
            const got = queue.shift();
            const hasLower = model.some(({ priority }) => priority !== first?.priority);
            sinceTurn = hasLower ? sinceTurn + 1 : 0;
            const isTurn = sinceTurn === LOWER_SHARE;
            if (isTurn) sinceTurn = 0;
            // Which lower one has its turn is told elsewhere; it is the first of its priority.
            const expected = isTurn
              ? model.find(({ priority }) => priority === got?.priority)
              : first;
            taken.push([got?.name, expected?.name]);
            if (isTurn && first !== undefined && got?.priority === first.priority)
              turnsOfHighest.push(first);
            model = model.filter((other) => other !== expected);
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
        expect(turnsOfHighest).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('bears a priority of its own for each of 50,000 requests', () => {
    const queue = new RequestQueue<Named>();
    const priorities = Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 50_000);
    for (const priority of priorities) queue.push({ name: priority, priority });
    const taken = priorities.map(() => queue.shift()?.priority ?? -1);
    const inOrder = taken.filter((_, index) => index % LOWER_SHARE !== LOWER_SHARE - 1);
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => b - a));
    expect(taken.toSorted((a, b) => a - b)).toEqual(priorities.toSorted((a, b) => a - b));
    expect(queue.ready).toBe(0);
  });
});

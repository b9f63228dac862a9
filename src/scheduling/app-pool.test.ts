import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limit } from '../limits/limit.js';
import { SlidingWindows } from '../limits/sliding-windows.js';
import { AppPool } from './app-pool.js';
import { AppSlot } from './app-slot.js';

const twoASecond: Limit[] = [{ requests: 2, perMs: 1000 }];
const hourly: Limit[] = [{ requests: 10, perMs: 3_600_000 }];

function slot(id: string, limits: readonly Limit[] = twoASecond): AppSlot {
  return new AppSlot({ id, credentials: {} }, new SlidingWindows(limits));
}

function poolOf(...slots: AppSlot[]): AppPool {
  const pool = new AppPool();
  for (const one of slots) pool.add(one);
  return pool;
}

/** Sends one request with the app that is next, if any is free. */
function use(pool: AppPool, nowMs: number): string | undefined {
  const taken = pool.take(nowMs);
  if (taken === undefined) return undefined;
  taken.windows.record(nowMs);
  pool.putBack(taken);
  return taken.app.id;
}

describe('AppPool', () => {
  it('has nobody to take while it is empty, and nothing to wait for', () => {
    const pool = poolOf();
    expect([pool.take(0), pool.nextFreeAt(), pool.rate]).toEqual([undefined, undefined, 0]);
  });

  it('takes the app that is free earliest', () => {
    const [a, b] = [
      slot('a', [{ requests: 1, perMs: 500 }]),
      slot('b', [{ requests: 1, perMs: 300 }]),
    ];
    const pool = poolOf(a, b);
    expect(new Set([use(pool, 0), use(pool, 0)])).toEqual(new Set(['a', 'b']));
    expect(use(pool, 0)).toBeUndefined();
    expect(pool.nextFreeAt()).toBe(300);
    expect(use(pool, 300)).toBe('b');
    expect(pool.take(499)).toBeUndefined();
    expect(use(pool, 500)).toBe('a');
  });

  it('takes among free apps the one that is least used up', () => {
    const [a, b, c] = [slot('a', hourly), slot('b', hourly), slot('c', twoASecond)];
    for (const time of [0, 1, 2]) a.windows.record(time);
    for (const time of [0, 1]) b.windows.record(time);
    c.windows.record(2);
    const pool = poolOf(a, b, c);
    expect([use(pool, 2000), use(pool, 2000), use(pool, 2001)]).toEqual(['c', 'c', 'b']);
  });

  it('knows better how much an app is used up that has been free for long', () => {
    const pool = poolOf(slot('a', hourly), slot('b', hourly));
    const [first, second] = [use(pool, 0), use(pool, 10)];
    for (let hour = 1; hour < 10; hour++) {
      expect(use(pool, hour * 3_700_000)).toBe(first);
      expect(use(pool, hour * 3_700_000 + 10)).toBe(second);
    }
  });

  it('uses equal apps in rotation: none is used twice before each was used once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 100 }),
        (howMany, pauses) => {
          const ids = Array.from({ length: howMany }, (_, index) => `app${index}`);
          const pool = poolOf(
            ...ids.map((id) => slot(id, [...twoASecond, { requests: 1200, perMs: 3_600_000 }])),
          );
          const uses = new Map(ids.map((id) => [id, 0]));
          let now = 0;
          for (const pause of pauses) {
            now += pause;
            const used = use(pool, now);
            if (used !== undefined) uses.set(used, (uses.get(used) ?? 0) + 1);
            const counts = [...uses.values()];
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('passes over an app that is parked until its time has come', () => {
    const [a, b] = [slot('a'), slot('b')];
    const pool = poolOf(a, b);
    a.parkedUntilMs = 5000;
    expect([use(pool, 0), use(pool, 0), use(pool, 0)]).toEqual(['b', 'b', undefined]);
    b.parkedUntilMs = 9000;
    expect(use(pool, 1000)).toBeUndefined();
    expect(pool.nextFreeAt()).toBe(5000);
    expect(use(pool, 5000)).toBe('a');
  });

  it('passes over an app without a token until it is put back with one', () => {
    const a = slot('a');
    a.canSign = false;
    const pool = poolOf(a);
    expect([pool.take(0), pool.nextFreeAt()]).toEqual([undefined, undefined]);
    a.canSign = true;
    pool.putBack(a);
    expect(use(pool, 0)).toBe('a');
  });

  it('gives an app that was put back twice only once at a time', () => {
    const a = slot('a');
    const pool = poolOf(a);
    pool.putBack(a);
    pool.putBack(a);
    expect(pool.take(0)).toBe(a);
    expect(pool.take(0)).toBeUndefined();
  });

  it('never gives an app that was removed, wherever it stood', () => {
    const [a, b, c] = [slot('a'), slot('b'), slot('c')];
    const pool = poolOf(a, b, c);
    pool.remove(a);
    const taken = pool.take(0) as AppSlot;
    pool.remove(taken);
    pool.putBack(taken);
    const left = [b, c].find((one) => one !== taken) as AppSlot;
    expect([use(pool, 0), use(pool, 0), use(pool, 0)]).toEqual([
      left.app.id,
      left.app.id,
      undefined,
    ]);
    expect(pool.size).toBe(1);
    expect(pool.get('a')).toBeUndefined();
  });

  it('takes an app earlier that is found to be free earlier than was thought', () => {
    const slots = ['a', 'b', 'c', 'd', 'e'].map((id) => slot(id, [{ requests: 1, perMs: 1000 }]));
    const pool = poolOf(...slots);
    for (let at = 0; at < 5; at++) {
      const taken = pool.take(at) as AppSlot;
      taken.windows.record(at + 200);
      pool.putBack(taken);
    }
    const last = slots.find((one) => one.windows.nextFreeAt() === 1204) as AppSlot;
    last.windows.correct(204, 50);
    pool.onFreeEarlier(last);
    expect([pool.nextFreeAt(), pool.take(1050)]).toEqual([1050, last]);
    pool.onFreeEarlier(last);
    expect([pool.take(1199), pool.nextFreeAt()]).toEqual([undefined, 1200]);
  });

  it('keeps an app to the share of its rate that it is left with', () => {
    const a = slot('a', [{ requests: 1, perMs: 700 }]);
    const pool = poolOf(a);
    a.share.onRefusal(0, 0);
    use(pool, 0);
    expect([use(pool, 999), pool.nextFreeAt()]).toEqual([undefined, 700 / 0.7]);
  });

  it('looks again at an app that stands free when it was parked meanwhile', () => {
    const pool = new AppPool();
    const [a, b] = [
      slot('a', [{ requests: 1, perMs: 100 }]),
      slot('b', [{ requests: 1, perMs: 100 }]),
    ];
    pool.add(a);
    pool.add(b);
    use(pool, 0);
    use(pool, 0);
    const taken = pool.take(100) as AppSlot;
    const other = taken === a ? b : a;
    other.parkedUntilMs = 700;
    expect(pool.take(100)).toBeUndefined();
    expect(pool.nextFreeAt()).toBe(700);
  });

  it('tells apps that come from those that went before', () => {
    const pool = new AppPool();
    const gone = ['a', 'b', 'c', 'd'].map((id) => slot(id, [{ requests: 1, perMs: 100 }]));
    for (const one of gone) pool.add(one);
    const taken = pool.take(0) as AppSlot;
    use(pool, 0);
    for (const one of gone) pool.remove(one);
    pool.putBack(taken);
    expect([pool.take(0), pool.take(100)]).toEqual([undefined, undefined]);
    const ids = ['e', 'f', 'g', 'h', 'i'];
    for (const id of ids) pool.add(slot(id, [{ requests: 1, perMs: 100 }]));
    const used = ids.map(() => use(pool, 100));
    expect(new Set(used)).toEqual(new Set(ids));
    expect([use(pool, 100), pool.nextFreeAt()]).toEqual([undefined, 200]);
  });

  it('adds up what the shortest windows of its apps admit', () => {
    const pool = poolOf(slot('a'), slot('b', [{ requests: 8, perMs: 1000 }]));
    expect(pool.rate).toBe(10);
  });
});

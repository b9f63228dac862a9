import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Deadlines } from './deadlines.js';

function start() {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock);
  const calls: [name: string, atMs: number][] = [];
  const set = (name: string, afterMs: number) =>
    deadlines.set({ onDeadline: () => calls.push([name, clock.now()]) }, afterMs);
  return { clock, calls, set };
}

describe('Deadlines', () => {
  it('calls each at its time, with one timer for all of the same duration', async () => {
    const { clock, calls, set } = start();
    set('a', 1000);
    await clock.advance(300);
    set('b', 1000);
    set('short', 200);
    set('c', 1000);
    expect(clock.pendingTimers).toBe(2);
    await clock.advance(5000);
    expect(calls).toEqual([
      ['short', 500],
      ['a', 1000],
      ['b', 1300],
      ['c', 1300],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sets no timer anew when one ends that is not the last', async () => {
    const { clock, calls, set } = start();
    const first = set('first', 1000);
    await clock.advance(900);
    set('second', 1000);
    first.cancel();
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(999);
    expect(calls).toEqual([]);
    await clock.advance(1);
    expect(calls).toEqual([['second', 1900]]);
  });

  it('leaves no timer that would keep the process alive once all are cancelled', () => {
    const { clock, set } = start();
    const [a, b, c] = [set('a', 10), set('b', 10), set('c', 10)];
    for (const one of [b, a, c, a]) one?.cancel();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not called early by a timer that is', () => {
    const clock = new VirtualClock();
    const timers: (() => void)[] = [];
    let nowMs = 0;
    const early = new Deadlines({
      now: () => nowMs,
      wallNow: () => clock.wallNow(),
      soon: (callback) => clock.soon(callback),
      setTimer: (callback) => {
        timers.push(callback);
        return { cancel() {} };
      },
    });
    let calls = 0;
    early.set({ onDeadline: () => (calls += 1) }, 10);
    nowMs = 9.5;
    timers.shift()?.();
    expect(calls).toBe(0);
    nowMs = 10.2;
    timers.shift()?.();
    expect(calls).toBe(1);
  });

  it('may be set and cancelled by one that is called', async () => {
    const { clock, calls } = start();
    const deadlines = new Deadlines(clock);
    const other = { onDeadline: () => calls.push(['other', clock.now()]) };
    const first = {
      onDeadline() {
        second.cancel();
        deadlines.set(other, 10);
      },
    };
    deadlines.set(first, 10);
    const second = deadlines.set({ onDeadline: () => calls.push(['second', clock.now()]) }, 10);
    await clock.advance(100);
    expect(calls).toEqual([['other', 20]]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('calls exactly those that are not cancelled, in whatever order that happens', async () => {
    const step = fc.record({
      waitMs: fc.nat(20),
      afterMs: fc.constantFrom(10, 25),
      cancel: fc.nat(9),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { clock, calls, set } = start();
        const all: { name: string; dueAtMs: number; isCancelled: boolean; cancel: () => void }[] =
          [];
        for (const [index, { waitMs, afterMs, cancel }] of steps.entries()) {
          await clock.advance(waitMs);
          const timer = set(`${index}`, afterMs);
          const dueAtMs = clock.now() + afterMs;
          all.push({ name: `${index}`, dueAtMs, isCancelled: false, cancel: () => timer.cancel() });
          const victim = all[cancel];
          if (victim === undefined) continue;
          victim.cancel();
          victim.isCancelled ||= victim.dueAtMs > clock.now();
        }
        await clock.advance(100);
        const expected = all
          .filter((one) => !one.isCancelled)
          .map((one) => [one.name, one.dueAtMs]);
        expect(calls.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(expected);
        expect(clock.pendingTimers).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});

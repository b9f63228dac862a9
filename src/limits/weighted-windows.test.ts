import { assert, constantFrom, array, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WeightedWindow, type WeightedUse } from './weighted-windows.js';

const limit = { of: 'tokens', requests: 100, perMs: 50 };

/** The earliest time, step by step, from which a window has room. */
function naiveFreeAt(uses: readonly WeightedUse[], amount: number, nowMs: number): number {
  for (let atMs = nowMs; ; atMs++) {
    const counted = uses.filter((use) => use.atMs > atMs - limit.perMs);
    if (counted.reduce((sum, use) => sum + use.amount, 0) + amount <= limit.requests) return atMs;
  }
}

describe('a window that counts amounts', () => {
  it('is free when a naive count says so, whatever is recorded, corrected and forgotten', () => {
    const step = record({
      kind: constantFrom('record', 'correct', 'ask', 'pass'),
      at: nat(60),
      amount: nat(100),
      which: nat(50),
    });
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const window = new WeightedWindow(limit);
        const uses: WeightedUse[] = [];
        const naive: WeightedUse[] = [];
        const free: number[] = [];
        const naiveFree: number[] = [];
        let nowMs = 100;
        for (const { kind, at, amount, which } of steps) {
          const atMs = nowMs + at - 30;
          if (kind === 'record') {
            uses.push(window.record(atMs, amount));
            naive.push({ atMs, amount });
          } else if (kind === 'correct') {
            const use = uses[which % uses.length];
            const twin = naive[which % uses.length];
            // What has left the window is forgotten.
            if (use === undefined || twin === undefined || twin.atMs <= nowMs - limit.perMs)
              continue;
            window.correct(use, atMs, amount);
            Object.assign(twin, { atMs, amount });
          } else if (kind === 'ask') {
            free.push(Math.max(nowMs, window.nextFreeAt(amount)));
            naiveFree.push(naiveFreeAt(naive, amount, nowMs));
          } else {
            nowMs += at;
            window.forget(nowMs);
          }
        }
        expect(free).toEqual(naiveFree);
      }),
      { numRuns: 300 },
    );
  });

  it('never admits more than its limit', () => {
    expect(new WeightedWindow(limit).nextFreeAt(101)).toBe(Infinity);
    expect(new WeightedWindow(limit).nextFreeAt(100)).toBe(-Infinity);
  });

  it('counts an amount that was higher than expected in full', () => {
    const window = new WeightedWindow(limit);
    const use = window.record(0, 10);
    window.correct(use, 5, 150);
    expect(window.nextFreeAt(1)).toBe(55);
  });
});

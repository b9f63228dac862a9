import { describe, expect, it } from 'vitest';
import { Guard } from '../limits/guard.js';
import { SlidingWindows } from '../limits/sliding-windows.js';
import { AppPool } from '../scheduling/app-pool.js';
import { AppSlot } from '../scheduling/app-slot.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Arrivals } from './arrivals.js';
import type { Attempt } from './attempt.js';

/** An app of one request a second, and a way to send and answer. */
function world(limits = [{ requests: 1, perMs: 1000 }], notModifiedIsFree = false) {
  const guard = new Guard({ carefulMs: 0, unseenFactor: 0, marginMs: 0, learningMs: 500 });
  const clock = new VirtualClock();
  let corrections = 0;
  const arrivals = new Arrivals({
    clock,
    guard,
    pool: new AppPool(),
    notModifiedIsFree,
    onCorrected: () => {
      corrections += 1;
    },
  });
  const app = (): AppSlot => new AppSlot({ id: 'a', credentials: {} }, new SlidingWindows(limits));
  const send = (slot: AppSlot, sentAtMs: number): Attempt => {
    const countsFromMs = guard.countsFrom(sentAtMs);
    slot.windows.record(countsFromMs);
    return { slot, sentAtMs, countsFromMs } as unknown as Attempt;
  };
  const answer = async (attempt: Attempt, tookMs: number, status = 200): Promise<void> => {
    const headAtMs = attempt.sentAtMs + tookMs;
    await clock.advance(headAtMs - clock.now());
    arrivals.onAnswer(attempt, attempt.sentAtMs, headAtMs, status);
  };
  return { app, send, answer, arrivals, clock, corrections: () => corrections };
}

const freeAt = (slots: readonly AppSlot[]): number[] =>
  slots.map(({ windows }) => windows.nextFreeAt());

describe('Arrivals', () => {
  it('let the first answers wait for the shortest of them, and then correct them all', async () => {
    const { app, send, answer, clock, corrections } = world();
    const slots = [app(), app()] as const;
    await answer(send(slots[0], 0), 120);
    await answer(send(slots[1], 200), 50);
    await clock.advance(369);
    expect([freeAt(slots), corrections()]).toEqual([[1200, 1400], 0]);
    await clock.advance(1);
    expect([freeAt(slots), corrections()]).toEqual([[1070, 1200], 1]);
  });

  it('correct all later answers at once', async () => {
    const { app, send, answer, corrections } = world();
    const slots = [app(), app()] as const;
    await answer(send(slots[0], 0), 50);
    await answer(send(slots[1], 900), 57);
    expect([freeAt(slots), corrections()]).toEqual([[1000, 1907], 1]);
  });

  it('correct at once an answer that began while they learned, and ended later', async () => {
    const { app, send, answer, arrivals, clock } = world();
    await answer(send(app(), 0), 50);
    const slot = app();
    const attempt = send(slot, 0);
    await clock.advance(1000);
    // Its connection took 400 ms to open.
    arrivals.onAnswer(attempt, 400, 450, 200);
    expect(slot.windows.nextFreeAt()).toBe(1400);
  });

  it('leave no timer behind when they stop', async () => {
    const { app, send, answer, arrivals, clock, corrections } = world();
    await answer(send(app(), 0), 50);
    arrivals.stop();
    await answer(send(app(), 60), 50);
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(1000);
    expect(corrections()).toBe(0);
  });

  it('take a free answer out of the windows, and leave what was sent in the same moment in them', async () => {
    const { app, send, answer, clock } = world([{ requests: 2, perMs: 1000 }], true);
    const slot = app();
    await answer(send(app(), 0), 5);
    await clock.advance(595);
    const [free, other] = [send(slot, 600), send(slot, 600)];
    await answer(free, 5, 304);
    expect(slot.windows.recent(605)).toEqual([other.countsFromMs]);
  });

  it('count a free answer in all windows but the longest', async () => {
    const limits = [
      { requests: 1, perMs: 1000 },
      { requests: 2, perMs: 60_000 },
    ];
    const { app, send, answer, clock, corrections } = world(limits, true);
    const slot = app();
    const attempt = send(slot, 0);
    await answer(attempt, 5, 304);
    const { countsFromMs } = attempt;
    expect(slot.windows.nextFreeAt()).toBe(countsFromMs + 1000);
    await clock.advance(countsFromMs + 1000 - clock.now());
    expect([slot.windows.recent(clock.now()), corrections()]).toEqual([[], 1]);
    expect(clock.pendingTimers).toBe(0);
  });
});

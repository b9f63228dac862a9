/** Lets virtual time pass while real files are written. */
import type { VirtualClock } from '../../src/testing/virtual-clock.js';

/** Enough for a slow machine. */
const MOST_STEPS = 20_000;

/** Real turns after each step, in which what was to be written is written. */
export async function settle(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Lets `forMs` milliseconds pass in steps. */
export async function pass(clock: VirtualClock, forMs: number, stepMs = 100): Promise<void> {
  for (let left = forMs; left > 0; left -= stepMs) {
    await clock.advance(Math.min(stepMs, left));
    await settle();
  }
}

/** Lets time pass until `condition` holds. */
export async function passUntil(
  clock: VirtualClock,
  condition: () => boolean,
  stepMs = 100,
): Promise<void> {
  for (let steps = 0; !condition(); steps++) {
    if (steps === MOST_STEPS) throw new Error('It does not come to that.');
    await clock.advance(stepMs);
    await settle(2);
  }
}

/** Lets time pass until `promise` has settled, and returns what it does. */
export async function passUntilSettled<T>(
  clock: VirtualClock,
  promise: Promise<T>,
  stepMs = 100,
): Promise<T> {
  let isSettled = false;
  const mark = (): void => void (isSettled = true);
  promise.then(mark, mark);
  await settle();
  await passUntil(clock, () => isSettled, stepMs);
  return promise;
}

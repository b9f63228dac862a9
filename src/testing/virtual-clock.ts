/** Time that passes only when told to, so that hours of work take seconds. */
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, Timer } from '../clock.js';
import { TimerHeap } from './timer-heap.js';

/** A {@link Clock} for tests and simulations. It starts at 0, and at `wallStartMs` since the epoch. */
export class VirtualClock implements Clock {
  readonly #wallStartMs: number;
  readonly #timers = new TimerHeap<VirtualTimer>();
  /** What is to come soon, the first of `#soonCount`: emptying a list makes it grow anew each time. */
  readonly #soon: ((() => void) | undefined)[] = [];
  #soonCount = 0;
  #nowMs = 0;
  #isStepping = false;

  /** @param wallStartMs - the wall's time at the start; the year 2026 unless given. */
  constructor(wallStartMs: number = Date.UTC(2026, 0, 1)) {
    this.#wallStartMs = wallStartMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wallNow(): number {
    return this.#wallStartMs + this.#nowMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer = new CallbackTimer(callback);
    this.start(timer, delayMs);
    return timer;
  }

  /**
   * Sets a timer of one's own.
   *
   * @throws Error when it is set already, or was cancelled and its time has not come yet.
   * @internal
   */
  start(timer: VirtualTimer, delayMs: number): void {
    if (timer.isHeld) throw new Error('Expected a timer that this clock does not hold already');
    timer.isHeld = true;
    timer.isSet = true;
    this.#timers.push(timer, this.#nowMs + Math.max(0, delayMs));
  }

  soon(callback: () => void): void {
    this.#soon[this.#soonCount++] = callback;
    if (!this.#isStepping && this.#soonCount === 1) queueMicrotask(() => this.#callSoon());
  }

  /** Timers that are set. */
  get pendingTimers(): number {
    return this.#timers.count(({ isSet }) => isSet);
  }

  /** Lets time pass until `promise` has settled, and returns what it does. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    await macrotask();
    while (!settled) {
      if (!this.#fireNext(Infinity))
        throw new Error('Nothing is left to wait for, but the promise has not settled');
      await macrotask();
    }
    return promise;
  }

  /** Lets `forMs` milliseconds pass. */
  async advance(forMs: number): Promise<void> {
    const untilMs = this.#nowMs + forMs;
    await macrotask();
    while (this.#fireNext(untilMs)) await macrotask();
    this.#nowMs = untilMs;
  }

  /**
   * Lets time pass until the next timer, should that be due by `untilMs`, and calls it and what is to
   * come soon. All at once: promises do not move on meanwhile, so it is for code that waits by timers
   * alone, and many times faster than {@link advance}.
   *
   * @returns false when no timer was due.
   */
  step(untilMs: number = Infinity): boolean {
    this.#isStepping = true;
    try {
      this.#callSoon();
      const fired = this.#fireNext(untilMs);
      this.#callSoon();
      return fired;
    } finally {
      this.#isStepping = false;
    }
  }

  #callSoon(): void {
    // It may grow while it is gone through.
    for (let index = 0; index < this.#soonCount; index++) {
      const callback = this.#soon[index];
      this.#soon[index] = undefined;
      callback?.();
    }
    this.#soonCount = 0;
  }

  #fireNext(untilMs: number): boolean {
    const timers = this.#timers;
    for (let next = timers.first; next !== undefined; next = timers.first) {
      const atMs = timers.firstAtMs;
      if (next.isSet && atMs > untilMs) return false;
      timers.pop();
      next.isHeld = false;
      if (!next.isSet) continue;
      if (atMs > this.#nowMs) this.#nowMs = atMs;
      next.isSet = false;
      next.fire();
      return true;
    }
    return false;
  }
}

/**
 * A timer of a {@link VirtualClock}. What waits for the time often can be its own: it needs no callback.
 *
 * @internal
 */
export abstract class VirtualTimer implements Timer {
  isSet = false;
  /** True from its start until its time, also once it is cancelled. */
  isHeld = false;

  /** Its time has come. */
  abstract fire(): void;

  /** The clock still holds it until its time. */
  cancel(): void {
    this.isSet = false;
  }
}

class CallbackTimer extends VirtualTimer {
  #callback: (() => void) | undefined;

  constructor(callback: () => void) {
    super();
    this.#callback = callback;
  }

  fire(): void {
    this.#callback?.();
  }

  override cancel(): void {
    super.cancel();
    this.#callback = undefined;
  }
}

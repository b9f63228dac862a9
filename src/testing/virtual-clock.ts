/** Time that passes only when told to, so that hours of work take seconds. */
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, Timer } from '../clock.js';

/** A {@link Clock} for tests and simulations. It starts at 0, and at `wallStartMs` since the epoch. */
export class VirtualClock implements Clock {
  readonly #wallStartMs: number;
  readonly #timers: VirtualTimer[] = [];
  readonly #soon: (() => void)[] = [];
  #nowMs = 0;
  #order = 0;
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
    const timer = new VirtualTimer(this.#nowMs + Math.max(0, delayMs), this.#order++, callback);
    this.#push(timer);
    return timer;
  }

  soon(callback: () => void): void {
    this.#soon.push(callback);
    if (!this.#isStepping && this.#soon.length === 1) queueMicrotask(() => this.#callSoon());
  }

  /** Timers that are set. */
  get pendingTimers(): number {
    return this.#timers.filter((timer) => timer.callback !== undefined).length;
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
    for (const callback of this.#soon) callback();
    this.#soon.length = 0;
  }

  #fireNext(untilMs: number): boolean {
    for (let next = this.#timers[0]; next !== undefined; next = this.#timers[0]) {
      const { callback } = next;
      if (callback !== undefined && next.atMs > untilMs) return false;
      this.#popFirst();
      if (callback === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback = undefined;
      callback();
      return true;
    }
    return false;
  }

  #push(timer: VirtualTimer): void {
    const timers = this.#timers;
    let index = timers.length;
    timers.push(timer);
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      const above = timers[parent] as VirtualTimer;
      if (isBefore(above, timer)) break;
      timers[index] = above;
      index = parent;
    }
    timers[index] = timer;
  }

  #popFirst(): void {
    const timers = this.#timers;
    const last = timers.pop() as VirtualTimer;
    if (timers.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= timers.length) break;
      if (
        child + 1 < timers.length &&
        isBefore(timers[child + 1] as VirtualTimer, timers[child] as VirtualTimer)
      )
        child += 1;
      if (!isBefore(timers[child] as VirtualTimer, last)) break;
      timers[index] = timers[child] as VirtualTimer;
      index = child;
    }
    timers[index] = last;
  }
}

class VirtualTimer implements Timer {
  readonly atMs: number;
  /** Timers of the same time are called in the order in which they were set. */
  readonly order: number;
  callback: (() => void) | undefined;

  constructor(atMs: number, order: number, callback: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.callback = callback;
  }

  cancel(): void {
    this.callback = undefined;
  }
}

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

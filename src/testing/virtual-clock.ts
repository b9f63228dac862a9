/** Time that passes only when told to, so that hours of work take seconds. */
import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock, Timer } from '../clock.js';

interface VirtualTimer {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** A {@link Clock} for tests and simulations. It starts at 0, and at `wallStartMs` since the epoch. */
export class VirtualClock implements Clock {
  readonly #wallStartMs: number;
  readonly #timers: VirtualTimer[] = [];
  #nowMs = 0;
  #order = 0;

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
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const timer: VirtualTimer = { atMs, order: this.#order++, callback };
    this.#push(timer);
    return {
      cancel: () => {
        timer.callback = undefined;
      },
    };
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

  #fireNext(untilMs: number): boolean {
    for (let next = this.#timers[0]; next !== undefined; next = this.#timers[0]) {
      if (next.callback !== undefined && next.atMs > untilMs) return false;
      this.#popFirst();
      if (next.callback === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      const { callback } = next;
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

function isBefore(a: VirtualTimer, b: VirtualTimer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

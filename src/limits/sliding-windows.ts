import { rateOf, type Limit } from './limit.js';

/**
 * All windows of one app, exact: a log of when it sent, as long as its largest limit asks.
 *
 * One log serves all windows. The request after next under a limit of n may be sent when the n-th
 * last one has left the window, so asking for the next free time costs one look per limit.
 */
export class SlidingWindows {
  readonly limits: readonly Limit[];
  readonly #longest: Limit;
  readonly #capacity: number;
  /** Ring of send times; grows to the capacity as it fills. */
  #times: Float64Array;
  #next = 0;
  #count = 0;

  constructor(limits: readonly Limit[]) {
    this.limits = limits;
    this.#longest = limits.reduce((a, b) => (b.perMs > a.perMs ? b : a));
    this.#capacity = Math.max(...limits.map((limit) => limit.requests));
    this.#times = new Float64Array(Math.min(this.#capacity, 16));
  }

  /** Notes that a request is sent at `atMs`. Times do not go back. */
  record(atMs: number): void {
    if (this.#count === this.#times.length && this.#count < this.#capacity) this.#grow();
    this.#times[this.#next] = atMs;
    this.#next = (this.#next + 1) % this.#times.length;
    this.#count = Math.min(this.#count + 1, this.#times.length);
  }

  /** The earliest time at which every window, made longer by `guardMs`, admits one more request. */
  nextFreeAt(guardMs: number): number {
    let freeAt = -Infinity;
    for (const limit of this.limits) {
      if (this.#count < limit.requests) continue;
      freeAt = Math.max(freeAt, this.#timeBack(limit.requests) + limit.perMs + guardMs);
    }
    return freeAt;
  }

  /** How many requests the longest window still admits at `nowMs`. */
  leftInLongestWindow(nowMs: number): number {
    const since = nowMs - this.#longest.perMs;
    let low = 0;
    let high = Math.min(this.#count, this.#longest.requests);
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#timeBack(middle) > since) low = middle;
      else high = middle - 1;
    }
    return this.#longest.requests - low;
  }

  /** The send times that still count in some window at `nowMs`, oldest first. */
  recent(nowMs: number): number[] {
    const times: number[] = [];
    for (let back = this.#count; back >= 1; back--) {
      const time = this.#timeBack(back);
      if (time > nowMs - this.#longest.perMs) times.push(time);
    }
    return times;
  }

  /** Requests a second that the shortest window admits. */
  get shortestRate(): number {
    return rateOf(this.#shortest);
  }

  /**
   * Requests a second to spread them at: the shortest window's, but spread over a second at most. Who
   * may send 5000 an hour and has ten to send does not want to wait for the last one.
   */
  get evenRate(): number {
    const { requests, perMs } = this.#shortest;
    return (requests / Math.min(perMs, 1000)) * 1000;
  }

  get #shortest(): Limit {
    return this.limits.reduce((a, b) => (b.perMs < a.perMs ? b : a));
  }

  #timeBack(steps: number): number {
    const length = this.#times.length;
    return this.#times[(this.#next - steps + length) % length] ?? -Infinity;
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#times.length * 2, this.#capacity));
    for (let back = this.#count; back >= 1; back--)
      grown[this.#count - back] = this.#timeBack(back);
    this.#times = grown;
    this.#next = this.#count;
  }
}

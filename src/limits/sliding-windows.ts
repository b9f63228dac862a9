import { rateOf, type Limit } from './limit.js';

/** What holds nobody back, in the place of limits where there are none. */
const UNLIMITED: Limit = { requests: Infinity, perMs: 1000 };

/**
 * All windows of one app, exact: a log of the times from which its requests count, as long as its largest
 * limit asks.
 *
 * One log serves all windows. The request after next under a limit of n may be sent when the n-th
 * last one has left the window, so asking for the next free time costs one look per limit.
 */
export class SlidingWindows {
  readonly limits: readonly Limit[];
  readonly #longest: Limit;
  readonly #shortest: Limit;
  /** Length of the longest but one of different lengths, milliseconds; 0 where there is one only. */
  readonly shorterMs: number;
  readonly #capacity: number;
  /**
   * Ring of times, the latest last; `-Infinity` where there is none yet. It grows to the capacity as it
   * fills. An array rather than a typed one: small ones are half as large, and many apps have them.
   */
  #times: number[];
  #next = 0;

  /** @param limits - with none, everything is admitted and nothing remembered. */
  constructor(limits: readonly Limit[]) {
    this.limits = limits;
    const [first = UNLIMITED] = limits;
    this.#longest = limits.reduce((a, b) => (b.perMs > a.perMs ? b : a), first);
    this.#shortest = limits.reduce((a, b) => (b.perMs < a.perMs ? b : a), first);
    const { perMs: longestMs } = this.#longest;
    this.shorterMs = Math.max(
      0,
      ...limits.map(({ perMs }) => perMs).filter((perMs) => perMs < longestMs),
    );
    this.#capacity = Math.max(0, ...limits.map((limit) => limit.requests));
    this.#times = noTimes(Math.min(this.#capacity, 16));
  }

  /** Notes a request that counts from `atMs` on. */
  record(atMs: number): void {
    if (this.#capacity === 0) return;
    const isFull = this.#times[this.#next] !== -Infinity;
    if (isFull && this.#times.length < this.#capacity) this.#grow();
    this.#next = this.#next + 1 === this.#times.length ? 0 : this.#next + 1;
    this.#set(1, atMs);
    this.#settle(1, atMs);
  }

  /** Says of a request that was noted for `fromMs` that it counts from `toMs` on. */
  correct(fromMs: number, toMs: number): void {
    const back = this.#backOf(fromMs);
    if (back !== undefined) this.#settle(back, toMs);
  }

  /**
   * The earliest time at which every window admits one more request.
   *
   * @param share - the part of its rate that the app may use: its shortest window is made longer to match.
   */
  nextFreeAt(share: number = 1): number {
    let freeAt = -Infinity;
    for (const limit of this.limits) {
      if (this.#times.length < limit.requests) continue;
      const perMs = limit === this.#shortest ? limit.perMs / share : limit.perMs;
      freeAt = Math.max(freeAt, this.#timeBack(limit.requests) + perMs);
    }
    return freeAt;
  }

  /** Time in which the longest window admits one request, on average. */
  get refillMs(): number {
    return this.#longest.perMs / this.#longest.requests;
  }

  /** How many requests count from later than `sinceMs`, of the {@link remembered} last ones. */
  countSince(sinceMs: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#timeBack(middle) > sinceMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** So many requests are remembered. */
  get remembered(): number {
    return this.#capacity;
  }

  /** The times that still count in some window at `nowMs`, oldest first. */
  recent(nowMs: number): number[] {
    const times: number[] = [];
    for (let back = this.#times.length; back >= 1; back--) {
      const time = this.#timeBack(back);
      if (time > nowMs - this.#longest.perMs) times.push(time);
    }
    return times;
  }

  /** Windows for other limits, with what still counts in these at `nowMs`. */
  withLimits(limits: readonly Limit[], nowMs: number): SlidingWindows {
    const windows = new SlidingWindows(limits);
    for (const time of this.recent(nowMs)) windows.record(time);
    return windows;
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

  /** Length of the shortest window, milliseconds. */
  get shortestMs(): number {
    return this.#shortest.perMs;
  }

  /** How far back a time stands; several of the same are interchangeable. */
  #backOf(time: number): number | undefined {
    let low = 1;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#timeBack(middle) <= time) high = middle;
      else low = middle + 1;
    }
    return high > 0 && this.#timeBack(low) === time ? low : undefined;
  }

  /** Puts `time` in the place of what stands `back`, and moves it to where it belongs. */
  #settle(back: number, time: number): void {
    let at = back;
    while (at < this.#times.length && this.#timeBack(at + 1) > time) {
      this.#set(at, this.#timeBack(at + 1));
      at += 1;
    }
    while (at > 1 && this.#timeBack(at - 1) < time) {
      this.#set(at, this.#timeBack(at - 1));
      at -= 1;
    }
    this.#set(at, time);
  }

  #set(back: number, time: number): void {
    this.#times[this.#placeOf(back)] = time;
  }

  #timeBack(steps: number): number {
    return this.#times[this.#placeOf(steps)] as number;
  }

  #placeOf(back: number): number {
    const place = this.#next - back;
    return place < 0 ? place + this.#times.length : place;
  }

  #grow(): void {
    const before = this.#times.length;
    const grown = noTimes(Math.min(before * 2, this.#capacity));
    for (let back = before; back >= 1; back--) grown[before - back] = this.#timeBack(back);
    this.#times = grown;
    this.#next = before;
  }
}

function noTimes(count: number): number[] {
  return Array.from({ length: count }, () => -Infinity);
}

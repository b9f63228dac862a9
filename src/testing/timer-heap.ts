/**
 * Timers by time; those of the same time in the order in which they were added. A binary heap whose times
 * stand side by side, since a simulation does little more often than compare them.
 */
export class TimerHeap<T> {
  readonly #timers: T[] = [];
  readonly #timesMs: number[] = [];
  readonly #orders: number[] = [];
  #added = 0;

  get first(): T | undefined {
    return this.#timers[0];
  }

  /** When {@link first} is due; `Infinity` when there is none. */
  get firstAtMs(): number {
    return this.#timesMs.length === 0 ? Infinity : (this.#timesMs[0] as number);
  }

  count(isMeant: (timer: T) => boolean): number {
    return this.#timers.filter(isMeant).length;
  }

  push(timer: T, atMs: number): void {
    const timesMs = this.#timesMs;
    let at = timesMs.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      // Among those of the same time it is the last.
      if ((timesMs[parent] as number) <= atMs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, timer, atMs, this.#added);
    this.#added += 1;
  }

  /** Takes {@link first} out, which must be there. */
  pop(): void {
    const timer = this.#timers.pop() as T;
    const atMs = this.#timesMs.pop() as number;
    const order = this.#orders.pop() as number;
    const size = this.#timers.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(right, this.#timesMs[child], this.#orders[child])) {
        child = right;
      }
      if (!this.#isBefore(child, atMs, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, timer, atMs, order);
  }

  #isBefore(place: number, atMs: number = Infinity, order: number = Infinity): boolean {
    const ownAtMs = this.#timesMs[place] as number;
    return ownAtMs < atMs || (ownAtMs === atMs && (this.#orders[place] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#timers[from] as T,
      this.#timesMs[from] as number,
      this.#orders[from] as number,
    );
  }

  #put(place: number, timer: T, atMs: number, order: number): void {
    this.#timers[place] = timer;
    this.#timesMs[place] = atMs;
    this.#orders[place] = order;
  }
}

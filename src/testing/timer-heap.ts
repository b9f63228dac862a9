/** Its first size; it doubles as needed. */
const FIRST_SIZE = 16;

/**
 * Timers by time; those of the same time in the order in which they were added. A binary heap of numbers
 * that stand side by side, since a simulation does little more often than compare and move them. The
 * timers themselves stay where they were put: moving them would tell the garbage collector of each move.
 */
export class TimerHeap<T> {
  #size = 0;
  #added = 0;
  /** In the order of the heap: when each is due, as which it was added, and its place in `#timers`. */
  #timesMs = new Float64Array(FIRST_SIZE);
  #orders = new Float64Array(FIRST_SIZE);
  #places = new Int32Array(FIRST_SIZE);
  readonly #timers: (T | undefined)[] = [];
  readonly #freePlaces: number[] = [];

  get first(): T | undefined {
    return this.#size === 0 ? undefined : this.#timers[this.#places[0] as number];
  }

  /** When {@link first} is due; `Infinity` when there is none. */
  get firstAtMs(): number {
    return this.#size === 0 ? Infinity : (this.#timesMs[0] as number);
  }

  count(isMeant: (timer: T) => boolean): number {
    return this.#timers.filter((timer) => timer !== undefined && isMeant(timer)).length;
  }

  push(timer: T, atMs: number): void {
    if (this.#size === this.#places.length) this.#grow();
    const place = this.#freePlaces.pop() ?? this.#timers.length;
    this.#timers[place] = timer;
    const timesMs = this.#timesMs;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      // Among those of the same time it is the last.
      if ((timesMs[parent] as number) <= atMs) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, atMs, this.#added++, place);
  }

  /** Takes {@link first} out, which must be there. */
  pop(): void {
    const place = this.#places[0] as number;
    this.#timers[place] = undefined;
    this.#freePlaces.push(place);
    this.#size -= 1;
    if (this.#size > 0) this.#sinkLast();
  }

  /** Lets the last one find its place from the top, where one was taken out. */
  #sinkLast(): void {
    const size = this.#size;
    const atMs = this.#timesMs[size] as number;
    const order = this.#orders[size] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = child + 1;
      if (
        right < size &&
        this.#isBefore(right, this.#timesMs[child] as number, this.#orders[child] as number)
      ) {
        child = right;
      }
      if (!this.#isBefore(child, atMs, order)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, atMs, order, this.#places[size] as number);
  }

  #isBefore(at: number, atMs: number, order: number): boolean {
    const ownAtMs = this.#timesMs[at] as number;
    return ownAtMs < atMs || (ownAtMs === atMs && (this.#orders[at] as number) < order);
  }

  #move(from: number, to: number): void {
    this.#put(
      to,
      this.#timesMs[from] as number,
      this.#orders[from] as number,
      this.#places[from] as number,
    );
  }

  #put(at: number, atMs: number, order: number, place: number): void {
    this.#timesMs[at] = atMs;
    this.#orders[at] = order;
    this.#places[at] = place;
  }

  #grow(): void {
    const timesMs = new Float64Array(this.#size * 2);
    const orders = new Float64Array(timesMs.length);
    const places = new Int32Array(timesMs.length);
    timesMs.set(this.#timesMs);
    orders.set(this.#orders);
    places.set(this.#places);
    this.#timesMs = timesMs;
    this.#orders = orders;
    this.#places = places;
  }
}

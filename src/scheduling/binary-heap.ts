/** A binary min-heap: the first item in O(1), adding, taking and moving one in O(log n). */
export class BinaryHeap<T> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #onPlaced: ((item: T, index: number) => void) | undefined;

  /**
   * @param isBefore - a strict order.
   * @param onPlaced - is told where each item stands, for who wants to {@link rise} one.
   */
  constructor(isBefore: (a: T, b: T) => boolean, onPlaced?: (item: T, index: number) => void) {
    this.#isBefore = isBefore;
    this.#onPlaced = onPlaced;
  }

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    this.#items.push(item);
    this.rise(this.#items.length - 1);
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) this.#sink(last as T);
    return first;
  }

  /** Moves the item at `index` to where it belongs, after it has come earlier in the order. */
  rise(index: number): void {
    const items = this.#items;
    const item = items[index] as T;
    let at = index;
    while (at > 0) {
      const parentIndex = (at - 1) >>> 1;
      const parent = items[parentIndex] as T;
      if (!this.#isBefore(item, parent)) break;
      this.#place(parent, at);
      at = parentIndex;
    }
    this.#place(item, at);
  }

  #sink(item: T): void {
    const items = this.#items;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      const right = child + 1;
      if (right < items.length && this.#isBefore(items[right] as T, items[child] as T)) {
        child = right;
      }
      if (!this.#isBefore(items[child] as T, item)) break;
      this.#place(items[child] as T, index);
      index = child;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    this.#onPlaced?.(item, index);
  }
}

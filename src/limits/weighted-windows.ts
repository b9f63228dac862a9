import type { Limit } from './limit.js';

/** An amount that counts in a window, from `atMs` on. Only its window changes it. */
export interface WeightedUse {
  atMs: number;
  amount: number;
}

/**
 * The window of a limit that counts amounts, such as tokens, and not requests: an exact log of when each
 * was used. It is separate from the windows that count requests, which need no amounts and stay quicker.
 */
export class WeightedWindow {
  readonly limit: Limit;
  /** The oldest first. */
  readonly #uses: WeightedUse[] = [];
  #total = 0;

  constructor(limit: Limit) {
    this.limit = limit;
  }

  /** Notes an amount, rounded up, that counts from `atMs` on. */
  record(atMs: number, amount: number): WeightedUse {
    const use = { atMs, amount: Math.ceil(amount) };
    this.#insert(use);
    return use;
  }

  /** Says when a use counts from, and how much it is; one that was forgotten stays so. */
  correct(use: WeightedUse, atMs: number, amount: number): void {
    const place = this.#uses.lastIndexOf(use);
    if (place === -1) return;
    this.#uses.splice(place, 1);
    this.#total -= use.amount;
    use.atMs = atMs;
    use.amount = Math.ceil(amount);
    this.#insert(use);
  }

  /** Forgets what no window counts that ends at `nowMs` or later. */
  forget(nowMs: number): void {
    const sinceMs = nowMs - this.limit.perMs;
    let gone = 0;
    for (let use = this.#uses[0]; use !== undefined && use.atMs <= sinceMs;) {
      this.#total -= use.amount;
      use = this.#uses[++gone];
    }
    if (gone > 0) this.#uses.splice(0, gone);
  }

  /** What still counts in it at `nowMs`, the oldest first. */
  recent(nowMs: number): readonly WeightedUse[] {
    return this.#uses.filter(({ atMs, amount }) => atMs > nowMs - this.limit.perMs && amount > 0);
  }

  /** The most that it can have admitted in so long. */
  mostIn(durationMs: number): number {
    const { requests, perMs } = this.limit;
    return requests * (Math.floor(durationMs / perMs) + 1);
  }

  /** The earliest time at which it admits so much more; `Infinity` for more than the limit. */
  nextFreeAt(amount: number): number {
    const { requests: most, perMs } = this.limit;
    let over = this.#total + Math.ceil(amount) - most;
    if (amount > most) return Infinity;
    let freeAtMs = -Infinity;
    for (let at = 0; over > 0; at++) {
      const use = this.#uses[at] as WeightedUse;
      over -= use.amount;
      freeAtMs = use.atMs + perMs;
    }
    return freeAtMs;
  }

  #insert(use: WeightedUse): void {
    let place = this.#uses.length;
    while (place > 0 && (this.#uses[place - 1] as WeightedUse).atMs > use.atMs) place -= 1;
    this.#uses.splice(place, 0, use);
    this.#total += use.amount;
  }
}

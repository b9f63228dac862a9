import type { Limit } from '../limits/limit.js';
import { WeightedWindow, type WeightedUse } from '../limits/weighted-windows.js';

/** Amounts by what they count, such as `{ tokens: 500 }`. */
export type Amounts = Readonly<Record<string, number>>;

/** What the request that goes next is expected to cost. The queue sets it; all apps look at it. */
export interface Demand {
  amounts: Amounts;
}

/** What one request counts in each of an app's windows, in their order. */
export type CostUses = readonly WeightedUse[];

/** The windows of an app that count something else than requests. */
export class AppCosts {
  readonly #windows: readonly WeightedWindow[];
  readonly #demand: Demand;

  constructor(limits: readonly Limit[], demand: Demand) {
    this.#windows = limits.map((limit) => new WeightedWindow(limit));
    this.#demand = demand;
  }

  /** When all windows admit the request that goes next. */
  freeAt(): number {
    let freeAtMs = -Infinity;
    for (const window of this.#windows) {
      freeAtMs = Math.max(freeAtMs, window.nextFreeAt(amountOf(this.#demand.amounts, window)));
    }
    return freeAtMs;
  }

  /** Notes that a request is sent at `nowMs` that counts from `atMs` on. */
  record(atMs: number, amounts: Amounts, nowMs: number): CostUses {
    return this.#windows.map((window) => {
      window.forget(nowMs);
      return window.record(atMs, amountOf(amounts, window));
    });
  }

  /** What still counts in some window at `nowMs`, by what is counted. */
  recent(nowMs: number): ReadonlyMap<string, readonly WeightedUse[]> {
    const longestFirst = this.#windows.toSorted((a, b) => b.limit.perMs - a.limit.perMs);
    const recent = new Map<string, readonly WeightedUse[]>();
    for (const window of longestFirst) {
      const { of = '' } = window.limit;
      if (!recent.has(of)) recent.set(of, window.recent(nowMs));
    }
    return recent;
  }

  /** Notes an amount that was used before, in all windows that count it. */
  restore(of: string, { atMs, amount }: Readonly<WeightedUse>): void {
    for (const window of this.#windows) if (window.limit.of === of) window.record(atMs, amount);
  }

  /**
   * Notes, as of `untilMs`, the most that can have been used in the `lastMs` before. What is noted of that
   * time already counts beside it: some of it may have cost less than was expected, so that more was sent.
   */
  assumeUsed(untilMs: number, lastMs: number): void {
    for (const window of this.#windows) {
      const most = this.#windows
        .filter(({ limit }) => limit.of === window.limit.of)
        .map((one) => one.mostIn(lastMs));
      window.record(untilMs, Math.min(...most));
    }
  }

  /** Says from when on a request counts. */
  correctTime(uses: CostUses, atMs: number): void {
    this.#windows.forEach((window, index) => {
      const use = uses[index];
      if (use !== undefined) window.correct(use, atMs, use.amount);
    });
  }

  /** Says what a request has cost, as far as that is known. */
  correctAmounts(uses: CostUses, amounts: Amounts): void {
    this.#windows.forEach((window, index) => {
      const use = uses[index];
      const amount = amounts[window.limit.of ?? ''];
      if (use !== undefined && amount !== undefined && amount >= 0) {
        window.correct(use, use.atMs, amount);
      }
    });
  }
}

function amountOf(amounts: Amounts, { limit }: WeightedWindow): number {
  const amount = amounts[limit.of ?? ''] ?? 0;
  return amount > 0 ? amount : 0;
}

import type { CostLimits } from '../limits/cost-limits.js';
import type { Limit } from '../limits/limit.js';
import { WeightedWindow, type WeightedUse } from '../limits/weighted-windows.js';

/** Amounts by what they count, such as `{ tokens: 500 }`. */
export type Amounts = Readonly<Record<string, number>>;

/** What the request that goes next is expected to cost. The queue sets it; all apps look at it. */
export interface Demand {
  amounts: Amounts;
}

/** What one request counts in one window. */
interface CostUse {
  readonly window: WeightedWindow;
  readonly use: WeightedUse;
}

/** What one request counts in all of an app's windows. */
export type CostUses = readonly CostUse[];

/** What an app used of one kind, of all its requests or of those of a scope. */
export interface RecentCosts {
  readonly of: string;
  readonly scope: string | undefined;
  readonly uses: readonly Readonly<WeightedUse>[];
}

/** The windows of an app that count something else than requests. */
export class AppCosts {
  readonly #own: readonly WeightedWindow[];
  readonly #ofScopes: ReadonlyMap<string, readonly WeightedWindow[]>;
  /** Those that count a request of each scope: its own ones, and the app's. */
  readonly #counting: ReadonlyMap<string, readonly WeightedWindow[]>;
  readonly #demand: Demand;

  /** @param demand - of the request without a scope that goes next. */
  constructor({ own, scopes }: CostLimits, demand: Demand) {
    this.#own = newWindows(own);
    const ofScopes = Object.entries(scopes).map(
      ([scope, limits]) => [scope, newWindows(limits)] as const,
    );
    this.#ofScopes = new Map(ofScopes);
    this.#counting = new Map(
      ofScopes.map(([scope, windows]) => [scope, [...this.#own, ...windows]]),
    );
    this.#demand = demand;
  }

  /**
   * When all windows admit a request; without `amounts`, the one without a scope that goes next. What costs
   * more than a window ever admits (a redirect may have brought it there) may go once that is empty.
   */
  freeAt(amounts: Amounts = this.#demand.amounts, scope?: string): number {
    let freeAtMs = -Infinity;
    for (const window of this.#windowsOf(scope)) {
      const amount = Math.min(amountOf(amounts, window), window.limit.requests);
      freeAtMs = Math.max(freeAtMs, window.nextFreeAt(amount));
    }
    return freeAtMs;
  }

  /** Notes that a request is sent at `nowMs` that counts from `atMs` on. */
  record(atMs: number, amounts: Amounts, nowMs: number, scope?: string): CostUses {
    return this.#windowsOf(scope).map((window) => {
      window.forget(nowMs);
      return { window, use: window.record(atMs, amountOf(amounts, window)) };
    });
  }

  /** What still counts in some window at `nowMs`. */
  recent(nowMs: number): RecentCosts[] {
    return [undefined, ...this.#ofScopes.keys()].flatMap((scope) => {
      const windows = scope === undefined ? this.#own : (this.#ofScopes.get(scope) ?? []);
      return longestOfEach(windows).map((window) => {
        return { of: window.limit.of ?? '', scope, uses: window.recent(nowMs) };
      });
    });
  }

  /** Notes an amount that was used before, in all windows that count it for this scope, or for none. */
  restore({ of, scope }: Omit<RecentCosts, 'uses'>, use: Readonly<WeightedUse>): void {
    const windows = scope === undefined ? this.#own : (this.#ofScopes.get(scope) ?? []);
    for (const window of windows) {
      if (window.limit.of === of) window.record(use.atMs, use.amount);
    }
  }

  /**
   * Notes, as of `untilMs`, the most that can have been used in the `lastMs` before. What is noted of that
   * time already counts beside it: some of it may have cost less than was expected, so that more was sent.
   */
  assumeUsed(untilMs: number, lastMs: number): void {
    const noteIn = (
      windows: readonly WeightedWindow[],
      others: readonly WeightedWindow[],
    ): void => {
      for (const window of windows) {
        const most = [...windows, ...others]
          .filter(({ limit }) => limit.of === window.limit.of)
          .map((one) => one.mostIn(lastMs));
        window.record(untilMs, Math.min(...most));
      }
    };
    noteIn(this.#own, []);
    for (const windows of this.#ofScopes.values()) noteIn(windows, this.#own);
  }

  /** Says from when on a request counts. */
  correctTime(uses: CostUses, atMs: number): void {
    for (const { window, use } of uses) window.correct(use, atMs, use.amount);
  }

  /** Says what a request has cost, as far as that is known. */
  correctAmounts(uses: CostUses, amounts: Amounts): void {
    for (const { window, use } of uses) {
      const amount = amounts[window.limit.of ?? ''];
      // What is not finite would never leave the sum, and the apps file could not hold it.
      const isAmount = amount !== undefined && amount >= 0 && amount < Infinity;
      if (isAmount) window.correct(use, use.atMs, amount);
    }
  }

  #windowsOf(scope: string | undefined): readonly WeightedWindow[] {
    return (scope === undefined ? undefined : this.#counting.get(scope)) ?? this.#own;
  }
}

/** True where some of `amounts` is less than before: apps may then be free earlier. */
export function costsLess(amounts: Amounts, before: Amounts): boolean {
  return (
    amounts !== before && Object.keys(before).some((of) => (amounts[of] ?? 0) < (before[of] ?? 0))
  );
}

function newWindows(limits: readonly Limit[]): readonly WeightedWindow[] {
  return limits.map((limit) => new WeightedWindow(limit));
}

function amountOf(amounts: Amounts, { limit }: WeightedWindow): number {
  const amount = amounts[limit.of ?? ''] ?? 0;
  return amount > 0 ? amount : 0;
}

/** The window that remembers longest, for each thing that is counted. */
function longestOfEach(windows: readonly WeightedWindow[]): readonly WeightedWindow[] {
  const longest = new Map<string | undefined, WeightedWindow>();
  for (const window of windows.toSorted((a, b) => a.limit.perMs - b.limit.perMs)) {
    longest.set(window.limit.of, window);
  }
  return [...longest.values()];
}

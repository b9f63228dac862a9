import { rateOf, type Limit } from './limit.js';

/** How the rate of an app is found whose limits nobody knows. */
export interface RateDiscoverySettings {
  /** Where it starts, requests a second. */
  readonly initialRate: number;
  readonly leastRate: number;
  readonly mostRate: number;
  /** Factor of growth in a clean window, until the first refusal. */
  readonly doubling: number;
  /** Factor of growth in a clean window from then on. */
  readonly climb: number;
  /** What is kept of the rate on a refusal. */
  readonly kept: number;
  /** So many clean windows it stays below a rate that was refused before it tries that again. */
  readonly patience: number;
  /** The patience doubles with each attempt that fails, up to this. */
  readonly mostPatience: number;
}

const defaults: RateDiscoverySettings = {
  initialRate: 1,
  leastRate: 0.01,
  mostRate: 10_000,
  doubling: 2,
  climb: 1.05,
  kept: 0.7,
  patience: 30,
  mostPatience: 960,
};

/** What was found of an app's rate, for who goes on later. Requests a second. */
export interface FoundRate {
  readonly perSecond: number;
  /** The rate that was refused last, unless it was accepted since; left out: none was. */
  readonly refusedPerSecond?: number | undefined;
}

/** No window is looked at for less, milliseconds. */
const SHORTEST_WINDOW_MS = 1000;

/** Times are sums of fractions: a window may seem to be a bit shorter than it is. */
const ROUNDING_MS = 1;

/** With less of the rate used than this, a window tells nothing of it. */
const USED_SHARE = 0.7;

/** After so many lengths without as many answers as a window admits, it was not used. */
const GIVEN_UP_AFTER = 1.5;

/**
 * Finds the rate of an app whose limits nobody knows. It starts careful and doubles with each clean
 * window: one in which as much was sent as the rate admits, and accepted. A refusal takes it down to 0.7
 * of the rate that was refused; then it climbs by 5% a clean window, but stays below what was refused
 * for a good while before it tries that again.
 */
export class RateDiscovery {
  readonly #settings: RateDiscoverySettings;
  #rate: number;
  #limit: Limit;
  #hasBeenRefused = false;
  /** The rate that was refused last; `Infinity` once it was tried again and accepted. */
  #refusedRate = Infinity;
  #patience: number;
  /** Clean windows in a row directly below the rate that was refused. */
  #waited = 0;
  #changedAtMs = -Infinity;
  /** The window that is looked at: since when, and how many requests were accepted. */
  #windowFromMs = -Infinity;
  #accepted = 0;

  /** @param found - what was found earlier, to go on from. */
  constructor(settings: Partial<RateDiscoverySettings> = {}, found?: FoundRate) {
    this.#settings = { ...defaults, ...settings };
    const { initialRate, leastRate, mostRate } = this.#settings;
    this.#rate = Math.min(mostRate, Math.max(leastRate, found?.perSecond ?? initialRate));
    this.#refusedRate = found?.refusedPerSecond ?? Infinity;
    this.#hasBeenRefused = found?.refusedPerSecond !== undefined;
    this.#patience = this.#settings.patience;
    this.#limit = limitOf(this.#rate);
  }

  /** What was found so far. */
  get found(): FoundRate {
    const refused = this.#refusedRate === Infinity ? {} : { refusedPerSecond: this.#refusedRate };
    return { perSecond: this.#rate, ...refused };
  }

  /** The limit to keep to now. */
  get limit(): Limit {
    return this.#limit;
  }

  /**
   * A request was accepted that was sent at `sentAtMs`.
   *
   * @returns true when the limit has changed.
   */
  onAccepted(sentAtMs: number, nowMs: number): boolean {
    // What was sent at another rate says nothing of this one.
    if (sentAtMs < this.#changedAtMs) return false;
    if (this.#windowFromMs === -Infinity) this.#lookFrom(sentAtMs);
    this.#accepted += 1;
    const { requests, perMs } = this.#limit;
    const windowMs = Math.max(perMs, SHORTEST_WINDOW_MS);
    if (nowMs - this.#windowFromMs < windowMs - ROUNDING_MS) return false;
    const sentForMs = sentAtMs - this.#windowFromMs;
    const isUsed = this.#accepted >= (sentForMs / perMs) * requests * USED_SHARE;
    if (this.#accepted < requests || !isUsed) {
      if (sentForMs > windowMs * GIVEN_UP_AFTER) this.#lookFrom(sentAtMs);
      return false;
    }
    this.#lookFrom(nowMs);
    return this.#onCleanWindow(nowMs);
  }

  /**
   * A request was refused that was sent at `sentAtMs`. What was under way at an earlier refusal belongs to
   * that.
   *
   * @returns true when the limit has changed.
   */
  onRefused(sentAtMs: number, nowMs: number): boolean {
    if (sentAtMs < this.#changedAtMs) return false;
    const { kept, leastRate, climb, patience, mostPatience } = this.#settings;
    const refusedRate = rateOf(this.#limit);
    const isTriedAgain = refusedRate * climb >= this.#refusedRate;
    this.#patience = isTriedAgain ? Math.min(this.#patience * 2, mostPatience) : patience;
    this.#hasBeenRefused = true;
    this.#refusedRate = Math.min(this.#refusedRate, refusedRate);
    this.#waited = 0;
    this.#change(Math.max(leastRate, refusedRate * kept), nowMs);
    return true;
  }

  #onCleanWindow(nowMs: number): boolean {
    const { doubling, climb, mostRate } = this.#settings;
    if (rateOf(this.#limit) >= this.#refusedRate) this.#refusedRate = Infinity;
    const next = Math.min(mostRate, this.#rate * (this.#hasBeenRefused ? climb : doubling));
    if (rateOf(limitOf(next)) >= this.#refusedRate && this.#waited < this.#patience) {
      this.#waited += 1;
      return false;
    }
    if (next === this.#rate) return false;
    this.#change(next, nowMs);
    return true;
  }

  #change(rate: number, nowMs: number): void {
    this.#rate = rate;
    this.#limit = limitOf(rate);
    this.#changedAtMs = nowMs;
    this.#lookFrom(nowMs);
  }

  #lookFrom(atMs: number): void {
    this.#windowFromMs = atMs;
    this.#accepted = 0;
  }
}

/**
 * A whole number of requests in a second, or one in as long as it takes. In windows of another length than
 * the server's two bursts may meet in one of those, and most servers count by the second.
 */
function limitOf(rate: number): Limit {
  if (rate < 2) return { requests: 1, perMs: 1000 / rate };
  return { requests: Math.floor(rate), perMs: 1000 };
}

import type { Random } from '../random.js';

/** How the time between attempts grows; milliseconds. */
export interface BackoffSettings {
  /** Upper bound of the first delay. */
  readonly retryDelayMs: number;
  /** Factor from one bound to the next. */
  readonly retryDelayFactor: number;
  /** No bound is above this. */
  readonly maxRetryDelayMs: number;
}

/**
 * The time to wait before retry number `retry` (1 is the first): exponential with full jitter, a
 * random share of a bound that grows.
 *
 * Source of the formula: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function backoffMs(settings: BackoffSettings, retry: number, random: Random): number {
  const { retryDelayMs, retryDelayFactor, maxRetryDelayMs } = settings;
  // The power may be infinite, and nothing times infinity is no number.
  if (retryDelayMs === 0) return 0;
  return random() * Math.min(maxRetryDelayMs, retryDelayMs * retryDelayFactor ** (retry - 1));
}

const FIRST_PARKING_MS = 1000;
const LONGEST_PARKING_MS = 300_000;

/**
 * How long an app is parked after its `refusalsInARow`-th refusal (1 is the first) that named no
 * time: 1 s, doubling to 5 min.
 */
export function parkingMs(refusalsInARow: number): number {
  return Math.min(FIRST_PARKING_MS * 2 ** (refusalsInARow - 1), LONGEST_PARKING_MS);
}

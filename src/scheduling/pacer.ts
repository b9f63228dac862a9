/**
 * Keeps any two requests apart, over all apps, so that they make an even stream: a burst of all apps
 * at once would itself make the jitter that gets requests refused.
 */

/** Timers fire late by up to a millisecond; a least delay shorter than that is kept on average. */
const TIMER_RESOLUTION_MS = 1;

/**
 * A wake-up may be late by so much without the stream losing what it missed; by a whole gap, where that is
 * longer: few apps of different limits would wait for each other's gap, and lose a part of their windows.
 */
const CATCH_UP_MS = 5;

/** A little closer than even, so that a late request does not delay all that follow. */
const EVEN_SHARE = 0.9;

/** When the next request may be sent, whichever app it goes with. */
export class Pacer {
  readonly #minDelayMs: number;
  #evenGapMs = 0;
  #apartAtMs = -Infinity;
  #evenAtMs = -Infinity;

  /** @param minDelayMs - least time between any two requests. */
  constructor(minDelayMs: number) {
    this.#minDelayMs = minDelayMs;
  }

  /** Sets what all apps together may send, requests a second. */
  setRate(requestsPerSecond: number): void {
    this.#evenGapMs = requestsPerSecond > 0 ? (EVEN_SHARE * 1000) / requestsPerSecond : 0;
  }

  /** The earliest time for the next request. */
  get nextAtMs(): number {
    return Math.max(this.#apartAtMs, this.#evenAtMs);
  }

  /** Notes that a request is sent at `atMs`. */
  record(atMs: number): void {
    const slackMs = Math.max(0, TIMER_RESOLUTION_MS - this.#minDelayMs);
    this.#apartAtMs = Math.max(this.#apartAtMs, atMs - slackMs) + this.#minDelayMs;
    const catchUpMs = Math.max(CATCH_UP_MS, this.#evenGapMs);
    this.#evenAtMs = Math.max(this.#evenAtMs, atMs - catchUpMs) + this.#evenGapMs;
  }
}

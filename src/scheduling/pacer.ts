/**
 * Keeps any two requests apart, over all apps, so that they make an even stream: a burst of all apps
 * at once would itself make the jitter that gets requests refused.
 */

/** Timers fire late by up to a millisecond; gaps shorter than that may be made up for. */
const TIMER_RESOLUTION_MS = 1;

/** A little closer than even, so that a late request does not delay all that follow. */
const EVEN_SHARE = 0.9;

/** When the next request may be sent, whichever app it goes with. */
export class Pacer {
  readonly #minDelayMs: number;
  #gapMs: number;
  #nextAtMs = -Infinity;

  /** @param minDelayMs - least time between any two requests. */
  constructor(minDelayMs: number) {
    this.#minDelayMs = minDelayMs;
    this.#gapMs = minDelayMs;
  }

  /** Sets what all apps together may send, requests a second. */
  setRate(requestsPerSecond: number): void {
    const evenGapMs = requestsPerSecond > 0 ? (EVEN_SHARE * 1000) / requestsPerSecond : 0;
    this.#gapMs = Math.max(this.#minDelayMs, evenGapMs);
  }

  /** The earliest time for the next request. */
  get nextAtMs(): number {
    return this.#nextAtMs;
  }

  /** Notes that a request is sent at `atMs`. */
  record(atMs: number): void {
    // A gap below the timers' resolution is kept on average, a longer one exactly.
    const slackMs = Math.max(0, TIMER_RESOLUTION_MS - this.#gapMs);
    this.#nextAtMs = Math.max(this.#nextAtMs, atMs - slackMs) + this.#gapMs;
  }
}

/** Lets requests to the website through at a pace that it bears: it refuses (429) whoever asks too fast. */
import { sleep, type Clock } from '../../index.js';

/** How long everything waits after a refusal that names no time, milliseconds. */
const HOLD_MS = 2000;
/** Least time between two requests after the first refusal; grows with each burst of them. */
const FIRST_GAP_MS = 100;
const LONGEST_GAP_MS = 2000;

/** One for all requests to the website. */
export class WebGate {
  readonly #clock: Clock;
  #gapMs = 0;
  #nextAtMs = -Infinity;
  #heldUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the next request may be sent. */
  async pass(signal: AbortSignal): Promise<void> {
    for (;;) {
      const now = this.#clock.now();
      const atMs = Math.max(now, this.#nextAtMs, this.#heldUntilMs);
      if (atMs <= now) {
        this.#nextAtMs = now + this.#gapMs;
        return;
      }
      await sleep(this.#clock, atMs - now, signal);
    }
  }

  /** The website refused a request: all wait, then go slower. */
  onRefusal(retryAfterMs: number | undefined): void {
    const now = this.#clock.now();
    // Requests that were under way together are refused together: they slow it down once.
    if (now >= this.#heldUntilMs) {
      this.#gapMs = Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, this.#gapMs * 1.5));
    }
    this.#heldUntilMs = Math.max(this.#heldUntilMs, now + (retryAfterMs ?? HOLD_MS));
  }
}

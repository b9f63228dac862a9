/** Lets requests to the website through at a pace that it bears: it refuses (429) whoever asks too fast. */
import { sleep, type Clock } from '../../index.js';

/** How long everything waits after a refusal that names no time, milliseconds. */
const HOLD_MS = 2000;
/** Least time between two requests after the first refusal; grows with each burst of them. */
const FIRST_GAP_MS = 100;
const GAP_GROWTH = 1.5;
const LONGEST_GAP_MS = 2000;

/** What a gate needs. */
export interface WebGateParts {
  readonly clock: Clock;
  /** Once aborted, nobody waits any more for a refusal to pass. */
  readonly finishing: AbortSignal;
  /** Told when a refusal makes everything wait, and for how long. */
  readonly onHold: (holdMs: number) => void;
}

/** One for all requests to the website. */
export class WebGate {
  readonly #parts: WebGateParts;
  #gapMs = 0;
  #nextAtMs = -Infinity;
  #heldUntilMs = -Infinity;

  constructor(parts: WebGateParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the next request may be sent.
   *
   * @throws the reason of `signal`, or that of finishing while a refusal has to pass.
   */
  async pass(signal: AbortSignal): Promise<void> {
    const { clock, finishing } = this.#parts;
    for (;;) {
      const now = clock.now();
      if (now < this.#heldUntilMs) {
        await sleep(clock, this.#heldUntilMs - now, AbortSignal.any([signal, finishing]));
      } else if (now < this.#nextAtMs) {
        await sleep(clock, this.#nextAtMs - now, signal);
      } else {
        this.#nextAtMs = now + this.#gapMs;
        return;
      }
    }
  }

  /** The website refused a request: all wait, then go slower. */
  onRefusal(retryAfterMs: number | undefined): void {
    const now = this.#parts.clock.now();
    const holdMs = retryAfterMs ?? HOLD_MS;
    // Requests that were under way together are refused together: they slow it down once.
    if (now >= this.#heldUntilMs) {
      this.#gapMs = Math.min(LONGEST_GAP_MS, Math.max(FIRST_GAP_MS, this.#gapMs * GAP_GROWTH));
      this.#parts.onHold(holdMs);
    }
    this.#heldUntilMs = Math.max(this.#heldUntilMs, now + holdMs);
  }
}

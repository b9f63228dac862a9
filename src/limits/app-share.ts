/** What an app keeps of its rate on a refusal that nothing explains. */
const KEPT = 0.7;
/** By how much it climbs back in a window without a refusal. */
const CLIMB = 1.05;
const LEAST = 0.05;

/**
 * Which share of its rate an app uses. A refusal that jitter does not explain lowers it: somebody else may
 * use the same key. It climbs back while nothing is refused.
 */
export class AppShare {
  #value = 1;
  #changedAtMs = -Infinity;

  /** Above 0, and 1 at most. */
  get value(): number {
    return this.#value;
  }

  /**
   * @param sentAtMs - when the refused request was sent: what was under way at an earlier one belongs to that.
   */
  onRefusal(sentAtMs: number, nowMs: number): void {
    if (sentAtMs < this.#changedAtMs) return;
    this.#value = Math.max(LEAST, this.#value * KEPT);
    this.#changedAtMs = nowMs;
  }

  /** @param windowMs - length of the app's shortest window. */
  onAcceptance(nowMs: number, windowMs: number): void {
    if (this.#value === 1 || nowMs - this.#changedAtMs < windowMs) return;
    this.#value = Math.min(1, this.#value * CLIMB);
    this.#changedAtMs = nowMs;
  }
}

/** Finds out that pages lead back to a page that was read, in constant memory: Brent's algorithm. */
import { HydraError } from '../errors.js';

/** Sees where each page leads to. */
export class LoopGuard {
  #held: string | undefined;
  #heldPage = 0;
  #steps = 0;
  #power = 1;

  /**
   * Takes the URL that page `index` leads to.
   *
   * @throws HydraError `HYDRA_PAGINATION` when it was read before: the latest after three times as many
   * pages as there are to the end of the first round.
   */
  check(index: number, pageUrl: string, next: string): void {
    const isBack = next === pageUrl || next === this.#held;
    if (isBack) {
      const read = next === pageUrl ? index + 1 : this.#heldPage + 1;
      throw new HydraError(
        'HYDRA_PAGINATION',
        `Expected page ${index + 1}, ${pageUrl}, to lead on, got one that was read before (page ${read}): the cursor repeats, and the pages would have no end.`,
        { url: pageUrl, name: 'cursor' },
      );
    }
    this.#steps += 1;
    if (this.#held !== undefined && this.#steps < this.#power) return;
    this.#held = next;
    this.#heldPage = index + 1;
    this.#steps = 0;
    this.#power *= 2;
  }
}

/** Finds out that pages lead back to a page that was read, in constant memory: Brent's algorithm. */
import { HydraError } from '../errors.js';
import type { Page } from './page.js';

/** Sees where each page leads to. */
export class LoopGuard {
  #held: string | undefined;
  #heldPage = 0;
  #steps = 0;
  #power = 1;

  /**
   * Takes where a page leads to, each place as a text of its own.
   *
   * @throws HydraError `HYDRA_PAGINATION` when it was read before: the latest after three times as many
   * pages as there are to the end of the first round.
   */
  check({ index, url }: Pick<Page, 'index' | 'url'>, here: string, next: string): void {
    if (next === here || next === this.#held) {
      const read = next === here ? index + 1 : this.#heldPage + 1;
      throw new HydraError(
        'HYDRA_PAGINATION',
        `Expected page ${index + 1}, ${url}, to lead on, got one that was read before (page ${read}): the cursor repeats, and the pages would have no end.`,
        { url, name: 'cursor' },
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

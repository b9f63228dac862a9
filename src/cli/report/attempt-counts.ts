import type { AttemptClass } from './report-data.js';

/** The least attempts of each class. */
const CLASSES: readonly number[] = [1, 2, 3, 4, 6, 11, 21, 51];

/** Counts requests by how many attempts they took. */
export class AttemptCounts {
  readonly #requests: number[] = CLASSES.map(() => 0);

  add(attempts: number): void {
    // A request that was never sent (no app left) took none; it stands with those of one.
    const index = Math.max(
      0,
      CLASSES.findLastIndex((from) => from <= attempts),
    );
    this.#requests[index] = (this.#requests[index] ?? 0) + 1;
  }

  /** The classes that hold a request. */
  list(): AttemptClass[] {
    return CLASSES.map((from, index) => {
      const next = CLASSES[index + 1];
      const to = next === undefined ? undefined : next - 1;
      return { from, to, requests: this.#requests[index] ?? 0 };
    }).filter(({ requests }) => requests > 0);
  }
}

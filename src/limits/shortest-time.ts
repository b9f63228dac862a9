/** A shortest time is forgotten after one to two spans, each of so long and so many answers at least. */
const SPAN_MS = 60_000;
const SPAN_ANSWERS = 100;

/**
 * The shortest time that an answer took of late: what the way to the server and back takes at least.
 * It is forgotten in the end, since the way may have become longer.
 */
export class ShortestTime {
  #startedAtMs = -Infinity;
  #currentMs = Infinity;
  #previousMs = Infinity;
  #currentAnswers = 0;
  #previousAnswers = 0;

  /** `Infinity` before the first answer. */
  get ms(): number {
    return Math.min(this.#currentMs, this.#previousMs);
  }

  /** Of how many answers it is the shortest. */
  get answers(): number {
    return this.#currentAnswers + this.#previousAnswers;
  }

  /** Notes that an answer took `ms` and came at `atMs`. */
  note(ms: number, atMs: number): void {
    if (atMs - this.#startedAtMs >= SPAN_MS && this.#currentAnswers >= SPAN_ANSWERS) {
      this.#previousMs = this.#currentMs;
      this.#previousAnswers = this.#currentAnswers;
      this.#currentMs = Infinity;
      this.#currentAnswers = 0;
    }
    if (this.#currentAnswers === 0) this.#startedAtMs = atMs;
    this.#currentAnswers += 1;
    if (ms < this.#currentMs) this.#currentMs = ms;
  }
}

import { outcomeId, type Outcome } from '../request/request.js';

/** An outcome on its way to a segment of texts. */
interface TextWork {
  readonly outcome: Outcome;
  /** False for one that counted as recorded already, whose file was removed. */
  readonly isNew: boolean;
}

/** The outcomes that cannot be written as JSON, and are not written as text yet. */
export class WaitingTexts {
  readonly #works: TextWork[] = [];
  /** What cannot be written as text either. */
  readonly #unwritable: Outcome[] = [];

  /** True while one of them may be written. */
  get isEmpty(): boolean {
    return this.#works.length === 0;
  }

  add(outcome: Outcome, isNew: boolean): void {
    this.#works.push({ outcome, isNew });
  }

  has(outcome: Outcome): boolean {
    return this.outcomes().some(([id]) => id === outcomeId(outcome));
  }

  /**
   * Writes them, as far as there is a place for them.
   *
   * @param write - returns false where there is no place, and throws for what can be written nowhere.
   * @param onWritten - is told of those that were new.
   */
  write(write: (outcome: Outcome) => boolean, onWritten: (id: number) => void): void {
    for (let work = this.#works[0]; work !== undefined; work = this.#works[0]) {
      let isWritten = false;
      try {
        isWritten = write(work.outcome);
        if (!isWritten) return;
      } catch {
        this.#unwritable.push(work.outcome);
      }
      this.#works.shift();
      if (isWritten && work.isNew) onWritten(outcomeId(work.outcome));
    }
  }

  clear(): void {
    this.#works.length = 0;
    this.#unwritable.length = 0;
  }

  /** The outcomes that wait, with their ids. */
  outcomes(): (readonly [id: number, outcome: () => Outcome])[] {
    const all = [...this.#works.map(({ outcome }) => outcome), ...this.#unwritable];
    return all.map((outcome) => [outcomeId(outcome), () => outcome] as const);
  }
}

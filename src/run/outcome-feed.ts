/** Hands outcomes to who iterates over a run, once they are recorded. Holds them only for those. */
import { outcomeId, type Outcome } from '../request/request.js';

/** Recorded outcomes that a slow reader may leave lying before nothing more is sent. */
const MOST_AHEAD = 256;

interface Reader {
  readonly queue: Outcome[];
  /** Called when there is more, or the end. */
  tell: (() => void) | undefined;
  /** True once it wants no more. */
  hasLeft: boolean;
  /** True where an error that it is given reaches the caller. */
  readonly seesErrors: boolean;
}

/** Feeds any number of readers; each gets every outcome from when it began. */
export class OutcomeFeed {
  readonly #readers = new Set<Reader>();
  readonly #unrecorded = new Map<number, Outcome>();
  readonly #onDrained: () => void;
  #isEnded = false;
  #failure: unknown;

  /** @param onDrained - called when it is no longer full. */
  constructor(onDrained: () => void) {
    this.#onDrained = onDrained;
  }

  /** True while a reader is too slow. */
  get isFull(): boolean {
    for (const { queue } of this.#readers) if (queue.length >= MOST_AHEAD) return true;
    return false;
  }

  /** Takes an outcome that is not recorded yet. */
  add(outcome: Outcome): void {
    if (this.#readers.size > 0) this.#unrecorded.set(outcomeId(outcome), outcome);
  }

  /** Hands over outcomes that are recorded now. */
  release(ids: readonly number[]): void {
    if (this.#unrecorded.size === 0) return;
    for (const id of ids) {
      const outcome = this.#unrecorded.get(id);
      if (outcome === undefined || !this.#unrecorded.delete(id)) continue;
      for (const { queue } of this.#readers) queue.push(outcome);
    }
    this.#tellAll();
  }

  /** There is nothing more to come. Readers throw `failure`, if there is one, after what is left. */
  end(failure?: unknown): void {
    this.#isEnded = true;
    this.#failure = failure;
    this.#unrecorded.clear();
    this.#tellAll();
  }

  /** True while somebody reads who would see an error. */
  get isObserved(): boolean {
    for (const { seesErrors } of this.#readers) if (seesErrors) return true;
    return false;
  }

  /**
   * Begins to read now, not with the first `next`, and ends with `return`, also where that comes first.
   *
   * @param seesErrors - whether an error that it throws reaches the caller.
   */
  read(seesErrors: boolean): AsyncGenerator<Outcome, void, undefined> {
    const reader: Reader = { queue: [], tell: undefined, hasLeft: false, seesErrors };
    this.#readers.add(reader);
    const outcomes = this.#outcomesOf(reader);
    const end = outcomes.return.bind(outcomes);
    const endWith = outcomes.throw.bind(outcomes);
    outcomes.return = (value) => {
      this.#leave(reader);
      return end(value);
    };
    outcomes.throw = (error) => {
      this.#leave(reader);
      return endWith(error);
    };
    return outcomes;
  }

  async *#outcomesOf(reader: Reader): AsyncGenerator<Outcome, void, undefined> {
    try {
      while (!reader.hasLeft) {
        const wasFull = this.isFull;
        // Taken as a whole, since taking one by one from the front costs more the longer it is.
        const batch = reader.queue.splice(0);
        if (wasFull && !this.isFull) this.#onDrained();
        yield* batch;
        if (reader.queue.length > 0) continue;
        if (this.#isEnded || reader.hasLeft) break;
        await new Promise<void>((resolve) => (reader.tell = resolve));
      }
      if (!reader.hasLeft && this.#failure !== undefined) throw this.#failure;
    } finally {
      this.#leave(reader);
    }
  }

  /** A generator alone would not do it: one that has not begun, or that waits, runs no `finally`. */
  #leave(reader: Reader): void {
    reader.hasLeft = true;
    reader.queue.length = 0;
    reader.tell?.();
    if (this.#readers.delete(reader)) this.#onDrained();
  }

  #tellAll(): void {
    for (const reader of this.#readers) {
      reader.tell?.();
      reader.tell = undefined;
    }
  }
}

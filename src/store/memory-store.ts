import { outcomeId, type Outcome } from '../request/request.js';
import type { OutcomeStore } from './outcome-store.js';

/** Keeps outcomes in memory, for as long as the process lives. */
export class MemoryStore implements OutcomeStore {
  readonly isCongested = false;
  readonly recorded = 0;
  readonly #outcomes = new Map<number, Outcome>();

  get size(): number {
    return this.#outcomes.size;
  }

  put(outcome: Outcome): void {
    this.#outcomes.set(outcomeId(outcome), outcome);
  }

  async *outcomes(): AsyncGenerator<Outcome, void, undefined> {
    const ids = Float64Array.from(this.#outcomes.keys()).toSorted();
    for (const id of ids) {
      const outcome = this.#outcomes.get(id);
      if (outcome !== undefined) yield outcome;
    }
  }

  clear(): void {
    this.#outcomes.clear();
  }

  files(): readonly string[] {
    return [];
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  flushSync(): void {}

  closeSync(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import { outcomeId, type Outcome } from '../request/request.js';
import type { OutcomeStore } from './outcome-store.js';

/** Keeps outcomes in memory, for as long as the process lives. */
export class MemoryStore implements OutcomeStore {
  readonly isCongested = false;
  readonly recorded = 0;
  /** In the order in which they came. */
  #outcomes: Outcome[] = [];

  get size(): number {
    return this.#outcomes.length;
  }

  put(outcome: Outcome): void {
    this.#outcomes.push(outcome);
  }

  async *outcomes(): AsyncGenerator<Outcome, void, undefined> {
    const held = this.#outcomes;
    for (const outcome of held.toSorted((a, b) => outcomeId(a) - outcomeId(b))) {
      // Let go of meanwhile.
      if (held !== this.#outcomes) return;
      yield outcome;
    }
  }

  clear(): void {
    this.#outcomes = [];
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

import type { Outcome } from '../request/request.js';
import type { OutcomeStore } from './outcome-store.js';

/** Keeps outcomes in memory, for as long as the process lives. */
export class MemoryStore implements OutcomeStore {
  readonly #outcomes = new Map<number, Outcome>();

  get size(): number {
    return this.#outcomes.size;
  }

  put(id: number, outcome: Outcome): void {
    this.#outcomes.set(id, outcome);
  }

  get(id: number): Promise<Outcome | undefined> {
    return Promise.resolve(this.#outcomes.get(id));
  }

  clear(): void {
    this.#outcomes.clear();
  }
}

import type { Outcome } from '../request/request.js';

/** Keeps the outcomes of requests until the caller lets go of them. */
export interface OutcomeStore {
  /** Takes the outcome of request `id`; each id once. */
  put(id: number, outcome: Outcome): void;
  /** The outcome of request `id`, or `undefined` when there is none (yet, or any more). */
  get(id: number): Promise<Outcome | undefined>;
  /** Lets go of the outcomes held now. */
  clear(): void;
  /** How many outcomes it holds. */
  readonly size: number;
}

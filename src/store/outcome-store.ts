import type { Outcome } from '../request/request.js';

/** Takes outcomes, each once. */
export interface OutcomeRecorder {
  /** Takes an outcome. Does not throw: what cannot be written now is kept until it can. */
  put(outcome: Outcome): void;
}

/** Keeps the outcomes of requests until the caller lets go of them. */
export interface OutcomeStore extends OutcomeRecorder {
  /** How many outcomes it holds. */
  readonly size: number;
  /** How many of them are in files. */
  readonly recorded: number;
  /** True while writing cannot keep up: nothing new should be asked until it is false again. */
  readonly isCongested: boolean;
  /** The outcomes that it holds now, in the order of their ids. */
  outcomes(): AsyncGenerator<Outcome, void, undefined>;
  /** Lets go of the outcomes held now. */
  clear(): void;
  /** Where they are kept, as far as that is a file. */
  files(): readonly string[];
  /** Resolves when everything that was put is where it is kept. */
  flush(): Promise<void>;
  /** The same at once, as far as that is possible, for a process that ends. */
  flushSync(): void;
  /** The same, and ends the files. */
  closeSync(): void;
  /** Flushes, and ends the files. What it holds can still be read. */
  close(): Promise<void>;
}

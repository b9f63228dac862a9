import type { ResultFacts } from './attempt-facts.js';
import type { Job } from './job.js';
import type { CostUses } from '../scheduling/app-costs.js';
import type { ScopeSlot } from '../scheduling/scope-slot.js';
import type { AppSlot } from '../scheduling/app-slot.js';
import type { TransportResult } from '../transport/transport.js';

/**
 * An attempt that is under way.
 *
 * A class, as all is that waits for an answer: V8 takes an object literal whose objects survive a few
 * collections for one whose objects live long, and makes them among the old ones from then on. There they
 * are seldom collected, and keep alive what they refer to: half of the time of a large job.
 */
export class Attempt {
  readonly job: Job;
  readonly slot: AppSlot;
  /** What the app has for the request's scope, where that has limits of its own. */
  readonly scoped: ScopeSlot | undefined;
  /** Which of the app's tokens it was signed with. */
  readonly generation: number;
  readonly sentAtMs: number;
  /** Which of the app's requests it is. */
  readonly number: number;
  /** Which of those of its scope it is; 0 where that has no limits. */
  readonly scopedNumber: number;
  /** From when on the app's windows count it, for as long as it has no answer. */
  readonly countsFromMs: number;
  /** What it counts in the app's windows of something else than requests, where there are any. */
  readonly costs: CostUses | undefined;

  constructor(parts: Attempt) {
    this.job = parts.job;
    this.slot = parts.slot;
    this.scoped = parts.scoped;
    this.generation = parts.generation;
    this.sentAtMs = parts.sentAtMs;
    this.number = parts.number;
    this.scopedNumber = parts.scopedNumber;
    this.countsFromMs = parts.countsFromMs;
    this.costs = parts.costs;
  }
}

/** How an attempt has ended. */
export interface AttemptEnd {
  readonly result: Exclude<TransportResult, { kind: 'aborted' }>;
  readonly facts: ResultFacts;
  readonly endedAtMs: number;
  /** True when it failed because the server is down for everybody: it does not count. */
  isExcused: boolean;
}

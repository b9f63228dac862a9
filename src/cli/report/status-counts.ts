import type { Outcome } from '../../request/request.js';
import type { StatusCount } from './report-data.js';

/** Counts requests by the last status that they were answered with. */
export class StatusCounts {
  readonly #counts = new Map<string, { -readonly [K in keyof StatusCount]: StatusCount[K] }>();

  add(outcome: Outcome): void {
    const isSuccess = outcome.kind === 'response';
    const status = isSuccess ? outcome.response.status : outcome.failure.error.facts.status;
    const key = `${outcome.kind} ${status}`;
    const count = this.#counts.get(key);
    if (count === undefined) this.#counts.set(key, { status, isSuccess, requests: 1 });
    else count.requests += 1;
  }

  /** The most frequent first. */
  list(): StatusCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.requests - a.requests);
  }
}

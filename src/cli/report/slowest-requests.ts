import type { HydraResponse } from '../../request/response.js';
import type { SlowRequest } from './report-data.js';

/** Keeps the responses that took the longest. */
export class SlowestRequests {
  readonly #max: number;
  #slowest: SlowRequest[] = [];

  /** @param max - how many to keep; at least 1. */
  constructor(max: number) {
    this.#max = max;
  }

  add(response: HydraResponse): void {
    const fastest = this.#slowest.at(-1);
    const isFull = this.#slowest.length === this.#max;
    if (isFull && fastest !== undefined && response.durationMs <= fastest.durationMs) return;
    // The parts alone: the response would keep its body in memory.
    const { id, method, url, status, appId, durationMs, endedAtMs } = response;
    this.#slowest = [...this.#slowest, { id, method, url, status, appId, durationMs, endedAtMs }]
      .toSorted((a, b) => b.durationMs - a.durationMs)
      .slice(0, this.#max);
  }

  /** The slowest first. */
  list(): readonly SlowRequest[] {
    return this.#slowest;
  }
}

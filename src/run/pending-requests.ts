/** The requests of a run that were handed over and have no outcome yet. */
import type { HandedRequest, RunHost } from './run-host.js';

/** Knows them by their position in the source. */
export class PendingRequests {
  readonly #host: Pick<RunHost, 'withdraw'>;
  readonly #requests = new Map<number, HandedRequest>();

  constructor(host: Pick<RunHost, 'withdraw'>) {
    this.#host = host;
  }

  get size(): number {
    return this.#requests.size;
  }

  /** Those with an attempt under way. */
  get inFlight(): number {
    let inFlight = 0;
    for (const request of this.#requests.values()) if (isInFlight(request)) inFlight += 1;
    return inFlight;
  }

  add(position: number, request: HandedRequest): void {
    this.#requests.set(position, request);
  }

  delete(position: number): void {
    this.#requests.delete(position);
  }

  /** Lets go of those that wait; of those in flight, too, if asked. */
  withdraw(which: 'waiting' | 'all'): void {
    for (const [position, request] of this.#requests) {
      if (which === 'waiting' && isInFlight(request)) continue;
      this.#requests.delete(position);
      this.#host.withdraw(request);
    }
  }
}

function isInFlight({ abortAttempt }: HandedRequest): boolean {
  return abortAttempt !== undefined;
}

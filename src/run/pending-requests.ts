/** The requests of a run that were handed over and have no outcome yet. */
import type { HandedRequest, RunHost } from './run-host.js';

/** Knows them by their position in the source. */
export class PendingRequests {
  readonly #host: Pick<RunHost, 'withdraw' | 'breakOff'>;
  readonly #requests = new Map<number, HandedRequest>();

  constructor(host: Pick<RunHost, 'withdraw' | 'breakOff'>) {
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

  /** Lets go of those that wait: they can be asked for again. */
  withdrawWaiting(): void {
    for (const [position, request] of this.#requests) {
      if (!isInFlight(request)) this.#withdraw(position, request);
    }
  }

  /** Lets go of all. What must not be sent twice and is under way gets its outcome. */
  withdrawAll(): void {
    this.breakOffUnrepeatable();
    for (const [position, request] of this.#requests) this.#withdraw(position, request);
  }

  /** Ends what is under way and must not be sent twice: on resume it would be asked again. */
  breakOffUnrepeatable(): void {
    for (const request of this.#requests.values()) {
      if (isInFlight(request) && !request.idempotent) this.#host.breakOff(request);
    }
  }

  #withdraw(position: number, request: HandedRequest): void {
    this.#requests.delete(position);
    this.#host.withdraw(request);
  }
}

function isInFlight({ underWay }: HandedRequest): boolean {
  return underWay !== undefined;
}

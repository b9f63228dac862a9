/** Who still has no outcome, and giving each request the one that it gets. */
import { HydraError } from './errors.js';
import type { Job } from './job.js';
import type { Logger } from './logger.js';
import type { Outcome } from './request.js';
import { HydraResponse } from './response.js';
import type { StatsCounter } from './stats.js';
import type { OutcomeStore } from './store/outcome-store.js';
import type { TransportResult } from './transport/transport.js';

/** What the ledger works with. */
export interface JobLedgerParts {
  readonly counter: StatsCounter;
  readonly logger: Logger;
  readonly store: OutcomeStore;
}

/** Ends requests, each exactly once. */
export class JobLedger {
  readonly #parts: JobLedgerParts;
  readonly #whenIdle: (() => void)[] = [];
  #pending = 0;

  constructor(parts: JobLedgerParts) {
    this.#parts = parts;
  }

  /** Requests without an outcome. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes a request in. */
  open(job: Job): void {
    this.#parts.counter.requested += 1;
    this.#pending += 1;
    const { signal } = job.options;
    if (signal === undefined) return;
    const abort = (): void => this.#abort(job);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    job.onEnd = () => signal.removeEventListener('abort', abort);
  }

  /** Resolves when every request has its outcome. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  succeed(
    job: Job,
    appId: string,
    durationMs: number,
    result: Extract<TransportResult, { kind: 'response' }>,
  ): void {
    const { id, method, url, attempts } = job;
    const { key } = job.options;
    const { status, headers, body } = result;
    const parts = { id, method, url, key, status, headers, attempts, appId, durationMs, body };
    this.#parts.counter.succeeded += 1;
    this.#end(job, { kind: 'response', response: new HydraResponse(parts) });
  }

  fail(job: Job, error: HydraError): void {
    this.#parts.counter.failed += 1;
    this.#parts.logger.error(`${job.method} ${job.url}: ${error.message}`);
    this.#end(job, { kind: 'failure', failure: job.failure(error) });
  }

  #abort(job: Job): void {
    if (job.outcome !== undefined) return;
    const facts = { url: job.url, cause: job.options.signal?.reason as unknown };
    const { abortAttempt } = job;
    this.fail(
      job,
      new HydraError('HYDRA_ABORTED', 'The request was aborted by its signal.', facts),
    );
    abortAttempt?.();
  }

  #end(job: Job, outcome: Outcome): void {
    this.#parts.store.put(job.id, outcome);
    job.end(outcome);
    this.#pending -= 1;
    if (this.#pending > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/** Who still has no outcome, and giving each request the one that it gets. */
import type { AnswerReceiver, StreamedAnswer } from './answer-receiver.js';
import type { Clock } from '../clock.js';
import { HydraError, type HydraErrorFacts } from '../errors.js';
import type { Job } from './job.js';
import type { Logger } from '../logger.js';
import type { Outcome } from '../request/request.js';
import { HydraResponse } from '../request/response.js';
import type { StatsCounter } from '../stats.js';
import type { TransportResult } from '../transport/transport.js';

/** What the ledger works with. */
export interface JobLedgerParts {
  readonly clock: Clock;
  readonly counter: StatsCounter;
  readonly logger: Logger;
}

/** What a successful attempt brought. */
export interface Success {
  readonly appId: string;
  readonly durationMs: number;
  /** Whether the body is JSON, where that is known. */
  readonly isJson: boolean | undefined;
  readonly result: Extract<TransportResult, { kind: 'response' }>;
}

/** Ends requests, each exactly once. */
export class JobLedger {
  readonly #parts: JobLedgerParts;
  readonly #whenIdle: (() => void)[] = [];
  readonly #jobsOf = new WeakMap<AbortSignal, Set<Job>>();
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
    if (signal?.aborted) this.#onSignal(job);
    else if (signal !== undefined) this.#watch(job, signal);
  }

  /** Resolves when every request has its outcome, and those too that the last ones gave rise to. */
  idle(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  succeed(job: Job, success: Success): void {
    const { id, method, url, attempts } = job;
    const { appId, durationMs, isJson, result } = success;
    const { status, headers, body } = result;
    const response = new HydraResponse({
      id,
      method,
      url,
      key: job.options.key,
      status,
      headers,
      attempts,
      appId,
      durationMs,
      endedAtMs: this.#parts.clock.wallNow(),
      body,
      isJson,
    });
    this.#parts.counter.succeeded += 1;
    this.#end(job, { kind: 'response', response });
  }

  /** Hands an answer over as it comes; its request is then answered. */
  handOver(job: Job, receiver: AnswerReceiver, answer: StreamedAnswer, appId: string): void {
    this.#parts.counter.succeeded += 1;
    job.close();
    receiver.onAnswer(answer, appId);
    this.#close();
  }

  fail(job: Job, error: HydraError): void {
    this.#parts.counter.failed += 1;
    this.#parts.logger.error(`${job.method} ${job.url}: ${error.message}`);
    this.#end(job, { kind: 'failure', failure: job.failure(error, this.#parts.clock.wallNow()) });
  }

  /** Lets go of a request without an outcome. An attempt under way is broken off. */
  withdraw(job: Job): void {
    if (job.isOver) return;
    job.close();
    job.underWay?.abort();
    this.#close();
  }

  /** Ends a request in the middle of an attempt that may have had its effect already. */
  breakOff(job: Job): void {
    const why = 'it is not sent again because the server may have acted on it';
    const message = `The attempt was broken off, and ${why} (option \`idempotent\`).`;
    this.#abort(job, message, { attempts: job.attempts });
  }

  #abort(job: Job, message: string, facts: HydraErrorFacts): void {
    if (job.isOver) return;
    const { underWay, url } = job;
    this.fail(job, new HydraError('HYDRA_ABORTED', message, { url, ...facts }));
    underWay?.abort();
  }

  #onSignal(job: Job): void {
    const cause: unknown = job.options.signal?.reason;
    this.#abort(job, 'The request was aborted by its signal.', { cause });
  }

  #end(job: Job, outcome: Outcome): void {
    job.recorder.put(outcome);
    job.end(outcome);
    this.#close();
  }

  #close(): void {
    this.#pending -= 1;
    if (this.#pending === 0 && this.#whenIdle.length > 0) this.#resolveWhenQuiet();
  }

  /** Who awaited the last outcome runs first, and may ask for more. */
  #resolveWhenQuiet(): void {
    this.#parts.clock.setTimer(() => {
      if (this.#pending > 0) return;
      for (const resolve of this.#whenIdle.splice(0)) resolve();
    }, 0);
  }

  /** One listener for all requests of a signal: there may be many thousands. */
  #watch(job: Job, signal: AbortSignal): void {
    let jobs = this.#jobsOf.get(signal);
    if (jobs === undefined) {
      jobs = new Set();
      this.#jobsOf.set(signal, jobs);
      const all = jobs;
      const abortAll = (): void => {
        for (const one of all) this.#onSignal(one);
      };
      signal.addEventListener('abort', abortAll, { once: true });
    }
    const watched = jobs;
    watched.add(job);
    job.onEnd = () => watched.delete(job);
  }
}

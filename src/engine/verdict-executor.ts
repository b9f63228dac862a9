/** Carries out what was judged of an attempt: its request ends, goes on, or waits for another try. */
import type { Api } from '../api.js';
import type { AppDiscipline } from './app-discipline.js';
import type { Attempt, AttemptEnd } from './attempt.js';
import { giveUpError, unrepeatableError } from './attempt-facts.js';
import type { Clock } from '../clock.js';
import { HydraError } from '../errors.js';
import type { Job } from './job.js';
import type { JobLedger } from './job-ledger.js';
import type { Logger } from '../logger.js';
import type { ResolvedOptions } from '../options.js';
import type { Random } from '../random.js';
import { redirectUrl } from '../request/request-target.js';
import { backoffMs } from '../retry/backoff.js';
import type { RetryCause, Verdict } from '../retry/verdict.js';
import type { WaitingRequests } from '../scheduling/waiting-requests.js';
import type { StatsCounter } from '../stats.js';
import type { TransportResult } from '../transport/transport.js';

type Response = Extract<TransportResult, { kind: 'response' }>;

/** Redirects that a request follows. */
const MAX_REDIRECTS = 5;

/** What verdicts are carried out with. */
export interface VerdictExecutorParts {
  readonly api: Api;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly counter: StatsCounter;
  readonly ledger: JobLedger;
  readonly queue: WaitingRequests<Job>;
  readonly discipline: AppDiscipline;
  /** Called after a request was put back into the queue. */
  readonly onQueued: () => void;
  /** Ends a request that no app is left for, and says whether it is over. */
  readonly failWithoutApps: (job: Job) => boolean;
}

/** Does what verdicts say. */
export class VerdictExecutor {
  readonly #parts: VerdictExecutorParts;

  constructor(parts: VerdictExecutorParts) {
    this.#parts = parts;
  }

  carryOut(verdict: Verdict, attempt: Attempt, end: AttemptEnd): void {
    const { ledger, counter, discipline, options } = this.#parts;
    const { job, slot } = attempt;
    switch (verdict.kind) {
      case 'done':
        if (this.#handOver(attempt, end)) return;
        return ledger.succeed(job, {
          appId: slot.app.id,
          durationMs: end.endedAtMs - attempt.sentAtMs,
          isJson: end.facts.isJson,
          result: end.result as Response,
        });
      case 'retry':
        return this.#retry(attempt, verdict.cause, end);
      case 'refused':
        counter.refusals += 1;
        discipline.onRefused(attempt, verdict.parkMs);
        return this.#goOn(attempt, end);
      case 'unauthorized':
        return this.#onUnauthorized(attempt, end);
      case 'redirected':
        if (this.#handOver(attempt, end)) return;
        return this.#follow(attempt, end);
      case 'give-up':
        if (this.#handOver(attempt, end)) return;
        return ledger.fail(
          job,
          giveUpError(job, slot.app.id, end.result, verdict, options.timeoutMs),
        );
    }
  }

  /** Hands an answer to whoever takes it as a stream, if it is one. */
  #handOver({ job, slot }: Attempt, { result }: AttemptEnd): boolean {
    if (job.receiver === undefined || result.kind !== 'response') return false;
    this.#parts.ledger.handOver(job, job.receiver, result, slot.app.id);
    return true;
  }

  /** Ends a request whose body was a stream, which is gone. */
  #failUnrepeatable({ job, slot }: Attempt, { result }: AttemptEnd): boolean {
    if (job.receiver?.canSend !== false) return false;
    const { ledger, options } = this.#parts;
    ledger.fail(job, unrepeatableError(job, slot.app.id, result, options.timeoutMs));
    return true;
  }

  #retry(attempt: Attempt, cause: RetryCause, end: AttemptEnd): void {
    const { job } = attempt;
    const { isExcused } = end;
    if (this.#failUnrepeatable(attempt, end)) return;
    const { options, clock, random, logger, counter, queue } = this.#parts;
    const delayMs = isExcused ? 0 : backoffMs(options, job.attempts, random);
    const when = isExcused ? 'again once the server is back' : `again in ${Math.round(delayMs)} ms`;
    counter.retried(cause);
    logger.debug(`${job.method} ${job.url}: ${cause}, attempt ${job.attempts}, ${when}`);
    if (isExcused) return this.#goOn(attempt, end);
    if (this.#parts.failWithoutApps(job)) return;
    queue.pushDelayed(job, clock.now() + delayMs);
    this.#parts.onQueued();
  }

  /** Sends it again as soon as possible; the attempt did not count. */
  #goOn(attempt: Attempt, end: AttemptEnd): void {
    const { job } = attempt;
    if (this.#failUnrepeatable(attempt, end)) return;
    job.attempts -= 1;
    if (this.#parts.failWithoutApps(job)) return;
    this.#parts.queue.pushAgain(job);
    this.#parts.onQueued();
  }

  #onUnauthorized(attempt: Attempt, end: AttemptEnd): void {
    const { job, slot, generation } = attempt;
    const { discipline, options, ledger } = this.#parts;
    const isRenewing = discipline.onUnauthorized(slot, generation);
    // Once for each request: a path that no token opens must not use up all apps' tokens for ever.
    if (isRenewing && !job.wasUnauthorized) {
      job.noteUnauthorized();
      return this.#goOn(attempt, end);
    }
    if (job.attempts > options.maxRetries) {
      if (this.#handOver(attempt, end)) return;
      const message = `Answered with status 401 after ${job.attempts} attempts: no token was taken.`;
      const facts = { url: job.url, status: 401, appId: slot.app.id, attempts: job.attempts };
      return ledger.fail(job, new HydraError('HYDRA_UNAUTHORIZED', message, facts));
    }
    this.#retry(attempt, 'http-401', { ...end, isExcused: false });
  }

  #follow(attempt: Attempt, end: AttemptEnd): void {
    const { job } = attempt;
    const response = end.result as Response;
    const { api, ledger } = this.#parts;
    const location = String(response.headers['location']);
    if (job.redirects === MAX_REDIRECTS) {
      const message = `Redirected more than ${MAX_REDIRECTS} times, last to ${job.currentUrl}.`;
      return ledger.fail(
        job,
        new HydraError('HYDRA_TOO_MANY_REDIRECTS', message, { url: job.url }),
      );
    }
    // As the fetch standard has it: 303 always asks anew with GET, 301 and 302 do so for POST.
    const { status } = response;
    const becomesGet = status === 303 || (status <= 302 && job.currentMethod === 'POST');
    try {
      const url = redirectUrl(api, job.currentUrl, location);
      job.redirect(url, becomesGet ? 'GET' : job.currentMethod);
    } catch (error) {
      return ledger.fail(job, error as HydraError);
    }
    this.#goOn(attempt, end);
  }
}

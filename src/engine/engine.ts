/**
 * One request's life: queue, pump, signature, transport, verdict, outcome. It decides nothing
 * itself: it asks the parts that do, and carries out what they say.
 */
import type { Api, AuthContext } from '../api.js';
import { AppDiscipline } from './app-discipline.js';
import { AppRoster } from './app-roster.js';
import type { AppsFile } from './apps-file.js';
import { attemptFacts, giveUpError } from './attempt-facts.js';
import { TokenKeeper } from '../auth/token-keeper.js';
import { HydraError } from '../errors.js';
import type { Job } from './job.js';
import { JobLedger } from './job-ledger.js';
import { Guard } from '../limits/guard.js';
import type { AppGroup } from '../limits/makespan.js';
import type { Logger } from '../logger.js';
import type { ResolvedOptions } from '../options.js';
import { redirectUrl } from '../request/request-target.js';
import { backoffMs } from '../retry/backoff.js';
import { judge, type RetryCause } from '../retry/verdict.js';
import type { Runtime } from '../runtime.js';
import { AppPool } from '../scheduling/app-pool.js';
import type { AppSlot } from '../scheduling/app-slot.js';
import { Pacer } from '../scheduling/pacer.js';
import { Pump } from '../scheduling/pump.js';
import { RequestQueue } from '../scheduling/request-queue.js';
import { StatsCounter, type HydraStats } from '../stats.js';
import { buildAttempt } from './build-attempt.js';
import type { TransportResult } from '../transport/transport.js';

type Response = Extract<TransportResult, { kind: 'response' }>;

/** With fewer requests ready than so many, more are welcome. */
const HUNGRY_BELOW = 1000;

/** Redirects that a request follows. */
const MAX_REDIRECTS = 5;

/** A standstill of so long is worth a line in the log. */
const LONG_WAIT_SECONDS = 10;

/** What an engine works with. */
export interface EngineParts {
  readonly api: Api;
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly logger: Logger;
  /** True while outcomes come faster than they can be kept: then nothing new is sent. */
  readonly isCongested: () => boolean;
  /** Called when few requests are left that could be sent: more may be asked for now. */
  readonly onHungry: () => void;
  readonly file: AppsFile | undefined;
  readonly context: AuthContext;
  /** Aborted when the hydra finishes: tokens are then tried for once, not without end. */
  readonly finishing: AbortSignal;
}

/** An attempt that is under way. */
interface Attempt {
  readonly job: Job;
  readonly slot: AppSlot;
  /** Which of the app's tokens it was signed with. */
  readonly generation: number;
  readonly sentAtMs: number;
}

/** Sends requests with apps until each has its outcome. */
export class Engine {
  readonly roster: AppRoster;
  readonly counter: StatsCounter = new StatsCounter();
  readonly #parts: EngineParts;
  readonly #queue = new RequestQueue<Job>();
  readonly #guard = new Guard();
  readonly #pool = new AppPool(this.#guard);
  readonly #pacer: Pacer;
  readonly #tokens: TokenKeeper;
  readonly #discipline: AppDiscipline;
  readonly #ledger: JobLedger;
  readonly #pump: Pump<Job>;
  readonly #whenQuiet: (() => void)[] = [];
  #lastLoss: HydraError | undefined;
  #toldStandstillMs = -Infinity;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { api, options, logger, file, context, finishing } = parts;
    const { clock } = parts.runtime;
    const pool = this.#pool;
    this.#ledger = new JobLedger({ clock, counter: this.counter, logger });
    this.#pacer = new Pacer(options.minRequestDelayMs);
    this.#tokens = new TokenKeeper({
      api,
      clock,
      logger,
      context,
      finishing,
      onUsable: (app) => this.#onUsable(app.id),
      onUnusable: (appId) => {
        const slot = pool.get(appId);
        if (slot !== undefined) slot.canSign = false;
      },
      onRecovered: (app) => this.roster.replace(app),
      onLost: (appId, reason) => this.#onLost(appId, reason),
      onGivenUp: (reason) => this.#onGivenUp(reason),
      onTryLater: () => this.#pump.wake(),
    });
    this.#discipline = new AppDiscipline({
      clock,
      logger,
      guard: this.#guard,
      tokens: this.#tokens,
    });
    this.roster = new AppRoster({
      api,
      options,
      clock,
      logger,
      pool,
      tokens: this.#tokens,
      file,
      onChange: () => this.#onAppsChanged(),
      isBusy: () => this.#ledger.pending > 0,
    });
    this.#pump = new Pump<Job>({
      clock,
      queue: this.#queue,
      pool,
      pacer: this.#pacer,
      maxConcurrency: options.maxConcurrency,
      send: (job, slot) => this.#send(job, slot),
      isAlive: (job) => !job.isOver,
      isCongested: parts.isCongested,
      canSign: (slot) => this.#tokens.canSign(slot.app.id),
      onShortage: (ready) => this.#tokens.onShortage(ready),
      onStandstill: (untilMs) => this.#onStandstill(untilMs),
    });
  }

  /** Requests without an outcome. */
  get pending(): number {
    return this.#ledger.pending;
  }

  /** Requests that could be sent now. */
  get ready(): number {
    return this.#queue.ready;
  }

  /** The apps, those with the same limits together. */
  get appGroups(): readonly AppGroup[] {
    return this.#pool.groups;
  }

  get stats(): HydraStats {
    const inFlight = this.#pump.inFlight;
    return this.counter.snapshot({
      waiting: this.#ledger.pending - inFlight,
      inFlight,
      apps: this.#pool.size,
      allowedRate: this.#pool.rate,
    });
  }

  /** Takes a request. */
  submit(job: Job): void {
    this.#ledger.open(job);
    if (job.outcome !== undefined) return;
    this.#queue.push(job);
    this.#pump.wake();
  }

  /** Resolves when every request has its outcome. */
  idle(): Promise<void> {
    return this.#ledger.idle();
  }

  /** Gets a new token for each app. */
  renewTokens(): Promise<void> {
    return this.#tokens.renewAll();
  }

  /** Lets go of a request without an outcome. An attempt under way is broken off. */
  withdraw(job: Job): void {
    this.#ledger.withdraw(job);
  }

  /** Says that something may be sent that could not be. */
  wake(): void {
    this.#pump.wake();
  }

  /** Sends nothing more. Resolves when nothing is under way. */
  windDown(): Promise<void> {
    this.#pump.stop();
    if (this.#pump.inFlight === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenQuiet.push(resolve));
  }

  /** Sends nothing more, and keeps what is to be kept. */
  async stop(): Promise<void> {
    this.#pump.stop();
    await this.roster.close();
  }

  #send(job: Job, slot: AppSlot): void {
    const { api, options, runtime } = this.#parts;
    const appId = slot.app.id;
    const attempt: Attempt = {
      job,
      slot,
      generation: this.#tokens.generation(appId),
      sentAtMs: runtime.clock.now(),
    };
    let signature;
    try {
      signature = api.auth.authorize(slot.app, this.#tokens.token(appId));
    } catch (error) {
      this.#pump.done(slot);
      this.#queue.pushAgain(job);
      this.#onLost(appId, error as HydraError);
      return;
    }
    this.counter.sent(attempt.sentAtMs);
    this.roster.noteSent();
    job.attempts += 1;
    job.abortAttempt = runtime.transport.send(
      buildAttempt(job, api, signature, options.timeoutMs),
      (result) => this.#onResult(attempt, result),
    );
    if (this.#queue.ready < HUNGRY_BELOW) this.#parts.onHungry();
  }

  #onResult(attempt: Attempt, result: TransportResult): void {
    const { job, slot } = attempt;
    const nowMs = this.#parts.runtime.clock.now();
    job.abortAttempt = undefined;
    this.#pump.done(slot);
    this.counter.answered(nowMs, result.kind === 'response' ? result.wireBytes : 0);
    if (this.#pump.inFlight === 0) for (const resolve of this.#whenQuiet.splice(0)) resolve();
    if (job.isOver || result.kind === 'aborted') return;
    const { api, options, runtime } = this.#parts;
    const facts = attemptFacts(api, job, result, runtime.clock.wallNow());
    if (facts.kind === 'response' && facts.status === 404) job.notFounds += 1;
    const verdict = judge(facts, job, options);
    if (facts.kind === 'response' && verdict.kind !== 'refused') {
      this.counter.accepted += 1;
      this.#discipline.onAccepted(slot, facts.status, attempt.sentAtMs);
    }
    switch (verdict.kind) {
      case 'done':
        return this.#ledger.succeed(job, {
          appId: slot.app.id,
          durationMs: nowMs - attempt.sentAtMs,
          isJson: facts.isJson,
          result: result as Response,
        });
      case 'retry':
        return this.#retry(job, verdict.cause);
      case 'refused':
        this.counter.refusals += 1;
        this.#discipline.onRefused(slot, verdict.parkMs, attempt.sentAtMs);
        return this.#goOn(job);
      case 'unauthorized':
        return this.#onUnauthorized(attempt);
      case 'redirected':
        return this.#follow(job, result as Response);
      case 'give-up':
        return this.#ledger.fail(
          job,
          giveUpError(job, slot.app.id, result, verdict, options.timeoutMs),
        );
    }
  }

  #retry(job: Job, cause: RetryCause): void {
    const { options, runtime, logger } = this.#parts;
    const delayMs = backoffMs(options, job.attempts, runtime.random);
    this.counter.retried(cause);
    logger.debug(
      `${job.method} ${job.url}: ${cause}, attempt ${job.attempts}, again in ${Math.round(delayMs)} ms`,
    );
    if (this.#failWithoutApps(job)) return;
    this.#queue.pushDelayed(job, runtime.clock.now() + delayMs);
    this.#pump.wake();
  }

  /** Sends it again as soon as an app is free; the attempt did not count. */
  #goOn(job: Job): void {
    job.attempts -= 1;
    if (this.#failWithoutApps(job)) return;
    this.#queue.pushAgain(job);
    this.#pump.wake();
  }

  #onUnauthorized({ job, slot, generation }: Attempt): void {
    const isRenewing = this.#discipline.onUnauthorized(slot, generation);
    // Once for each request: a path that no token opens must not use up all apps' tokens for ever.
    if (isRenewing && !job.wasUnauthorized) {
      job.wasUnauthorized = true;
      return this.#goOn(job);
    }
    if (job.attempts > this.#parts.options.maxRetries) {
      const message = `Answered with status 401 after ${job.attempts} attempts: no token was taken.`;
      const facts = { url: job.url, status: 401, appId: slot.app.id, attempts: job.attempts };
      return this.#ledger.fail(job, new HydraError('HYDRA_UNAUTHORIZED', message, facts));
    }
    this.#retry(job, 'http-401');
  }

  #follow(job: Job, response: Response): void {
    const location = String(response.headers['location']);
    job.redirects += 1;
    if (job.redirects > MAX_REDIRECTS) {
      const message = `Redirected more than ${MAX_REDIRECTS} times, last to ${job.currentUrl}.`;
      return this.#ledger.fail(
        job,
        new HydraError('HYDRA_TOO_MANY_REDIRECTS', message, { url: job.url }),
      );
    }
    try {
      job.currentUrl = redirectUrl(this.#parts.api, job.currentUrl, location);
    } catch (error) {
      return this.#ledger.fail(job, error as HydraError);
    }
    // As the fetch standard has it: 303 always asks anew with GET, 301 and 302 do so for POST.
    const { status } = response;
    if (status === 303 || (status <= 302 && job.currentMethod === 'POST'))
      job.currentMethod = 'GET';
    this.#goOn(job);
  }

  /** Without a word, an hour of waiting for used-up windows would look like a hang. */
  #onStandstill(untilMs: number): void {
    const seconds = Math.round((untilMs - this.#parts.runtime.clock.now()) / 1000);
    if (seconds < LONG_WAIT_SECONDS || untilMs === this.#toldStandstillMs) return;
    this.#toldStandstillMs = untilMs;
    this.#parts.logger.info(
      `All apps are used up or parked: ${this.#ledger.pending} requests wait, the next one for ${seconds} s`,
    );
  }

  #onUsable(appId: string): void {
    const slot = this.#pool.get(appId);
    if (slot === undefined) return;
    slot.canSign = true;
    this.#pool.putBack(slot);
    this.roster.saveSoon();
    this.#pump.wake();
  }

  #onLost(appId: string, reason: HydraError): void {
    this.#lastLoss = reason;
    this.#parts.logger.warn(`App ${appId} is dropped: ${reason.message}`);
    this.roster.remove(appId);
  }

  /** While finishing, there are no tokens to be had: what no app can send any more fails. */
  #onGivenUp(reason: HydraError): void {
    if (this.#tokens.renewing > 0 || [...this.#pool.all()].some((slot) => slot.canSign)) return;
    for (const job of this.#queue.drain()) {
      if (!job.isOver) this.#ledger.fail(job, reason);
    }
  }

  #onAppsChanged(): void {
    this.#pacer.setRate(this.#pool.evenRate);
    if (this.#pool.size === 0) for (const job of this.#queue.drain()) this.#failWithoutApps(job);
    this.#pump.wake();
  }

  #failWithoutApps(job: Job): boolean {
    if (this.#pool.size > 0 || job.isOver) return job.isOver;
    const message = 'There is no app left to send the request with.';
    const facts = { url: job.url, attempts: job.attempts, cause: this.#lastLoss };
    this.#ledger.fail(job, new HydraError('HYDRA_NO_APPS', message, facts));
    return true;
  }
}

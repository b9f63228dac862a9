/**
 * One request's life: queue, pump, signature, transport, verdict, outcome. It decides nothing
 * itself: it asks the parts that do, and carries out what they say.
 */
import type { Api, AuthContext } from '../api.js';
import { ApiRules } from './api-rules.js';
import { AppDiscipline } from './app-discipline.js';
import { AppFeedback } from './app-feedback.js';
import { Arrivals } from './arrivals.js';
import { AppRoster } from './app-roster.js';
import type { AppsKeeping } from './apps-file.js';
import { AttemptRunner } from './attempt-runner.js';
import { TokenKeeper } from '../auth/token-keeper.js';
import { waitForApps, type EngineWait } from './engine-wait.js';
import { HydraError } from '../errors.js';
import type { Job } from './job.js';
import { JobLedger } from './job-ledger.js';
import { costLimits, scopeLimitsOf, tooCostly, type CostLimits } from '../limits/cost-limits.js';
import { Guard } from '../limits/guard.js';
import type { AppGroup } from '../limits/makespan.js';
import type { Logger } from '../logger.js';
import type { ResolvedOptions } from '../options.js';
import type { Runtime } from '../runtime.js';
import { AppPool } from '../scheduling/app-pool.js';
import type { AppSlot } from '../scheduling/app-slot.js';
import { Pacer } from '../scheduling/pacer.js';
import { Pump } from '../scheduling/pump.js';
import { RequestQueue } from '../scheduling/request-queue.js';
import { AppCosts, type Amounts, type Demand } from '../scheduling/app-costs.js';
import { ScopedQueue } from '../scheduling/scoped-queue.js';
import type { WaitingRequests } from '../scheduling/waiting-requests.js';
import { ServerWatch } from './server-watch.js';
import { StatsCounter, type HydraStats } from '../stats.js';
import { VerdictExecutor } from './verdict-executor.js';

/** With fewer requests ready than so many, more are welcome. */
const HUNGRY_BELOW = 1000;

/** A standstill of so long is worth a line in the log. */
const LONG_WAIT_SECONDS = 10;

const isAlive = (job: Job): boolean => !job.isOver;
const costOf = (job: Job): Amounts => job.cost ?? {};

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
  readonly file: AppsKeeping | undefined;
  readonly context: AuthContext;
  /**
   * Aborted when the hydra finishes: tokens are then tried for once, not without end, and a server
   * that is down is not waited for: failures count again, so that every request ends.
   */
  readonly finishing: AbortSignal;
}

/** Sends requests with apps until each has its outcome. */
export class Engine {
  readonly roster: AppRoster;
  readonly counter: StatsCounter = new StatsCounter();
  readonly #parts: EngineParts;
  readonly #queue: WaitingRequests<Job>;
  readonly #scoped: ScopedQueue<Job> | undefined;
  /** The limits that count something else than requests, where there are any. */
  readonly #costLimits: CostLimits | undefined;
  readonly #guard = new Guard();
  readonly #pool = new AppPool();
  readonly #arrivals: Arrivals;
  readonly #pacer: Pacer;
  readonly #rules: ApiRules;
  readonly #tokens: TokenKeeper;
  readonly #ledger: JobLedger;
  readonly #server: ServerWatch;
  readonly #pump: Pump<Job>;
  readonly #attempts: AttemptRunner;
  #lastLoss: HydraError | undefined;
  #toldStandstillMs = -Infinity;
  #tokensAskedAtMs: number | undefined;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { api, options, logger, file, context, finishing } = parts;
    const { clock, random } = parts.runtime;
    const pool = this.#pool;
    this.#ledger = new JobLedger({ clock, counter: this.counter, logger });
    this.#pacer = new Pacer(options.minRequestDelayMs);
    this.#rules = new ApiRules({ api, clock, logger });
    const rules = this.#rules;
    const canSign = (slot: AppSlot): boolean => this.#tokens.canSign(slot.app.id);
    this.#costLimits = costLimits(api);
    const demand: Demand = { amounts: {} };
    if (this.#costLimits === undefined && api.scopeLimits === undefined) {
      this.#queue = new RequestQueue();
    } else {
      this.#queue = this.#scoped = new ScopedQueue<Job>({
        pool,
        limits: scopeLimitsOf(api, (limit) => limit.of === undefined),
        scopeOf: (job) => rules.scopeOf(job),
        costOf: this.#costLimits && costOf,
        demand,
        isAlive,
        canSign,
      });
    }
    this.#arrivals = new Arrivals({
      clock,
      guard: this.#guard,
      pool,
      notModifiedIsFree: api.notModifiedIsFree,
      onCorrected: () => this.#pump.wake(),
    });
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
      keep: () => this.roster.save(),
      onRecovered: (app) => this.roster.replace(app),
      onLost: (appId, reason) => this.#onLost(appId, reason),
      onGivenUp: (reason) => this.#onGivenUp(reason),
      onTryLater: () => this.#pump.wake(),
    });
    const feedback = new AppFeedback({
      clock,
      logger,
      pool,
      rules,
      onLimitsChanged: () => this.#pacer.setRate(pool.evenRate),
    });
    const discipline = new AppDiscipline({
      clock,
      logger,
      guard: this.#guard,
      tokens: this.#tokens,
      feedback,
    });
    this.roster = new AppRoster({
      api,
      options,
      clock,
      logger,
      pool,
      tokens: this.#tokens,
      file,
      newCosts: () =>
        this.#costLimits === undefined ? undefined : new AppCosts(this.#costLimits, demand),
      scopesOf: (slot) => this.#scoped?.allOf(slot) ?? [],
      onChange: () => this.#onAppsChanged(),
      isBusy: () => this.#ledger.pending > 0,
    });
    this.#server = new ServerWatch({
      baseUrl: api.baseUrl,
      logger,
      queue: this.#queue,
      pending: () => this.#ledger.pending,
      costOf: (job) => this.#costLimits && rules.costOf(job),
      mayGo: (job) => this.#scoped?.mayGo(job, clock.now()) ?? true,
    });
    this.#pump = new Pump<Job>({
      clock,
      queue: this.#queue,
      turns: this.#scoped,
      pool,
      pacer: this.#pacer,
      guard: this.#guard,
      breaker: this.#server.breaker,
      takeProbe: () => this.#server.takeProbe(),
      maxConcurrency: options.maxConcurrency,
      send: (job, slot, sentAtMs, countsFromMs, scoped) =>
        this.#attempts.send(job, slot, sentAtMs, countsFromMs, scoped),
      isAlive,
      isCongested: parts.isCongested,
      canSign,
      onShortage: (ready) => (this.#tokensAskedAtMs = this.#tokens.onShortage(ready)),
      onTaken: () => {
        if (this.#queue.ready < HUNGRY_BELOW) parts.onHungry();
      },
      onStandstill: (untilMs) => this.#onStandstill(untilMs),
    });
    const executor = new VerdictExecutor({
      api,
      options,
      clock,
      random,
      logger,
      counter: this.counter,
      ledger: this.#ledger,
      queue: this.#queue,
      discipline,
      onQueued: () => this.#pump.wake(),
      failWithoutApps: (job) => this.#failWithoutApps(job),
    });
    this.#attempts = new AttemptRunner({
      api,
      options,
      runtime: parts.runtime,
      rules,
      tokens: this.#tokens,
      feedback,
      arrivals: this.#arrivals,
      discipline,
      server: this.#server,
      pump: this.#pump,
      pool,
      executor,
      counter: this.counter,
      onSent: (sentAtMs) => this.roster.noteSent(sentAtMs),
      onUnsigned: (job, appId, reason) => {
        if (!job.isOver) this.#queue.pushAgain(job);
        this.#onLost(appId, reason);
      },
    });
    finishing.addEventListener('abort', () => this.#stopWaiting(), { once: true });
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
    const inFlight = this.#pump.inFlight - (this.#server.isScouting ? 1 : 0);
    return this.counter.snapshot({
      // Whose body is still to come has its answer.
      waiting: this.#ledger.pending - (inFlight - this.#attempts.openBodies),
      inFlight,
      apps: this.#pool.size,
      allowedRate: this.#pool.rate,
    });
  }

  /** What everything waits for now; `undefined` while requests are sent, and when there are none. */
  get waiting(): EngineWait | undefined {
    if (this.#ledger.pending === 0) return undefined;
    const nowMs = this.#parts.runtime.clock.now();
    const server = this.#server.wait(nowMs);
    if (server !== undefined || this.#pump.inFlight > 0 || this.#queue.ready === 0) return server;
    const apps = {
      canAnySign: this.#pool.canAnySign,
      tokensAskedAtMs: this.#tokensAskedAtMs,
      freeAtMs: this.#pump.standstillUntilMs,
    };
    return waitForApps(apps, nowMs);
  }

  /** Takes a request. */
  submit(job: Job): void {
    this.#ledger.open(job);
    if (job.outcome !== undefined) return;
    if (this.#costLimits !== undefined && this.#isTooCostly(job, this.#costLimits)) return;
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

  /** Ends a request whose attempt under way is broken off. */
  breakOff(job: Job): void {
    this.#ledger.breakOff(job);
  }

  /** Says that something may be sent that could not be. */
  wake(): void {
    this.#pump.wake();
  }

  /** Sends nothing more. Resolves when nothing is under way. */
  windDown(): Promise<void> {
    this.#pump.stop();
    this.#arrivals.stop();
    this.#server.stopScouting();
    return this.#attempts.quiet().then(() => this.#tokens.settled());
  }

  /** Resolves when all bodies that were handed over have come; what nobody reads is broken off. */
  bodiesEnded(): Promise<void> {
    return this.#attempts.bodiesEnded();
  }

  /** Sends nothing more, and keeps what is to be kept. */
  async stop(): Promise<void> {
    this.#pump.stop();
    this.#arrivals.stop();
    await this.#tokens.settled();
    await this.roster.close();
  }

  /** Asks what a request costs. One that no window will ever admit fails. */
  #isTooCostly(job: Job, { own, scopes }: CostLimits): boolean {
    job.cost = this.#rules.costOf(job);
    const ofScope = scopes[this.#rules.scopeOf(job) ?? ''] ?? [];
    const error = tooCostly(job.cost, [...own, ...ofScope], job.url);
    if (error !== undefined) this.#ledger.fail(job, error);
    return error !== undefined;
  }

  #stopWaiting(): void {
    this.#server.retire();
    this.#pump.wake();
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
    this.#pool.onFreeEarlier(slot);
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
    if (this.#tokens.renewing > 0 || this.#pool.canAnySign) return;
    for (const job of this.#queue.drain()) {
      if (!job.isOver) this.#ledger.fail(job, reason);
    }
  }

  #onAppsChanged(): void {
    this.#scoped?.onAppsChanged();
    this.#pacer.setRate(this.#pool.evenRate);
    if (this.#pool.size === 0) {
      for (const job of this.#queue.drain()) this.#failWithoutApps(job);
      // Who waits to ask for more is told by that that there is no app.
      this.#parts.onHungry();
    }
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
